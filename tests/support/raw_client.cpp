// SPDX-License-Identifier: BSL-1.0
#include "tests/support/raw_client.hpp"

#include "src/testing/loopback_socket.hpp"

#include <headway/testing/patience.hpp>

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>

namespace headway::testing {

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (!socket_) throw_errno("socket");
  timeval limit{patience.count(), 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address = loopback_address(port);
  if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw_errno("connect");
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0) throw_errno("send");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string RawClient::read(std::size_t size) {
  std::string got;
  std::array<char, 4096> buffer;
  while (got.size() < size) {
    ssize_t n = ::recv(socket_.get(), buffer.data(), std::min(buffer.size(), size - got.size()), 0);
    if (n < 0) throw_errno("recv");
    if (n == 0) break;
    got.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return got;
}

std::string RawClient::read_response() {
  std::string got;
  while (!got.ends_with("\r\n\r\n")) {
    std::string byte = read(1);
    if (byte.empty()) return got;
    got += byte;
  }
  constexpr std::string_view length = "Content-Length: ";
  std::size_t at = got.find(length);
  return at == std::string::npos ? got : got + read(std::stoul(got.substr(at + length.size())));
}

void RawClient::half_close() { ::shutdown(socket_.get(), SHUT_WR); }

}  // namespace headway::testing
