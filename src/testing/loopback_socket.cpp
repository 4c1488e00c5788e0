// SPDX-License-Identifier: BSL-1.0
#include "src/testing/loopback_socket.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace headway::testing {

sockaddr_in loopback_address(std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

Descriptor bound_socket(std::uint16_t port, const char* address) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) throw_errno("socket");
  int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in name = loopback_address(port);
  ::inet_pton(AF_INET, address, &name.sin_addr);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) throw_errno("bind");
  return socket;
}

std::uint16_t port_of(const Descriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw_errno("getsockname");
  return ntohs(address.sin_port);
}

}  // namespace headway::testing
