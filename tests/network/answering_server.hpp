// SPDX-License-Identifier: BSL-1.0
#pragma once

// Answers one request on each connection to any address of this machine that it is given, and closes. Owned
// by the test; it has a thread of its own.

#include "src/connect/address.hpp"
#include "src/testing/descriptor.hpp"

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

namespace headway::testing {

class AnsweringServer {
 public:
  /// On a free port. Throws std::system_error.
  explicit AnsweringServer(const std::string& address) {
    connect::Address at = connect::Address::of_literal(address, 0).value();
    listener_ = Descriptor(::socket(at.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(listener_.get(), at.data(), at.size) != 0) throw_errno("bind");
    if (::listen(listener_.get(), 16) != 0) throw_errno("listen");
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&at.storage), &at.size);
    const std::string text = at.str();
    port_ = text.substr(text.rfind(':') + 1);
    thread_ = std::thread([this] { serve(); });
  }
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;
  ~AnsweringServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }

  const std::string& port() const { return port_; }

 private:
  void serve() const {
    for (;;) {
      const Descriptor peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!peer) return;
      answer(peer);
    }
  }
  static void answer(const Descriptor& peer) {
    std::string request;
    std::array<char, 1024> piece;
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t n = ::recv(peer.get(), piece.data(), piece.size(), 0);
      if (n <= 0) return;
      request.append(piece.data(), static_cast<std::size_t>(n));
    }
    constexpr std::string_view response =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    ::send(peer.get(), response.data(), response.size(), MSG_NOSIGNAL);
  }

  Descriptor listener_;
  std::string port_;
  std::thread thread_;
};

}  // namespace headway::testing
