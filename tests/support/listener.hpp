// SPDX-License-Identifier: BSL-1.0
#pragma once

// A listening socket on the loopback interface that accepts nobody unless the test says so. One thread.

#include "src/testing/loopback_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

namespace headway::testing {

class Listener {
 public:
  /// Port 0: any free one.
  explicit Listener(const char* address = "127.0.0.1", std::uint16_t port = 0)
      : socket_(bound_socket(port, address)) {
    if (::listen(socket_.get(), 0) != 0) throw_errno("listen");
  }
  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  /// Whence the next connection comes.
  std::string accept() {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    const Descriptor peer = accept_one(reinterpret_cast<sockaddr*>(&address), &size);
    return ::inet_ntoa(address.sin_addr);
  }
  /// After `fill`: there is room again.
  void make_room() {
    waiting_.clear();
    pollfd queue{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    while (::poll(&queue, 1, 0) > 0) accept_one().reset();
  }
  /// From now on the system drops who wants to connect.
  void fill() {
    const sockaddr_in address = loopback_address(port());
    do {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    } while (::connect(waiting_.back().get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
             0);
  }

 private:
  Descriptor accept_one(sockaddr* address = nullptr, socklen_t* size = nullptr) {
    return Descriptor(::accept4(socket_.get(), address, size, SOCK_CLOEXEC));
  }

  Descriptor socket_;
  std::vector<Descriptor> waiting_;
};

}  // namespace headway::testing
