// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/upload_sink.hpp"

#include "src/testing/descriptor.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <charconv>
#include <string_view>
#include <thread>
#include <vector>

namespace headway::bench {
namespace {

using testing::Descriptor;
using testing::throw_errno;

/// 0 where the head says nothing of it.
std::uint64_t content_length(std::string_view head) {
  constexpr std::string_view field = "\r\nContent-Length: ";
  const std::size_t at = head.find(field);
  std::uint64_t length = 0;
  if (at == head.npos) return length;
  std::from_chars(head.data() + at + field.size(), head.data() + head.size(), length);
  return length;
}

/// Takes one request and answers it; false once the client is gone.
bool serve_one(const Descriptor& client, std::vector<char>& buffer) {
  constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntaken";
  std::size_t have = 0, end = std::string_view::npos;
  while (end == std::string_view::npos) {
    const ssize_t n = ::recv(client.get(), buffer.data() + have, buffer.size() - have, 0);
    if (n <= 0) return false;
    have += static_cast<std::size_t>(n);
    end = std::string_view(buffer.data(), have).find("\r\n\r\n");
  }
  const std::uint64_t whole = end + 4 + content_length({buffer.data(), end + 2});
  for (std::uint64_t got = have; got < whole;) {
    const ssize_t n = ::recv(client.get(), buffer.data(), buffer.size(), 0);
    if (n <= 0) return false;
    got += static_cast<std::uint64_t>(n);
  }
  return ::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL) > 0;
}

void serve(const Descriptor& listening) {
  std::vector<char> buffer(256 * 1024);
  for (;;) {
    const Descriptor client(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
    while (client && serve_one(client, buffer)) {
    }
  }
}

}  // namespace

std::uint16_t start_upload_sink() {
  Descriptor listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listening.get(), 128) != 0 ||
      ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw_errno("upload sink");
  std::thread([listening = std::move(listening)] { serve(listening); }).detach();
  return ntohs(address.sin_port);
}

}  // namespace headway::bench
