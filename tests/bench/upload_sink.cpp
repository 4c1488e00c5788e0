// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/upload_sink.hpp"

#include "src/testing/descriptor.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
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

class Client {
 public:
  /// Plain where `context` is null.
  Client(Descriptor socket, SSL_CTX* context) : socket_(std::move(socket)), buffer_(256 * 1024) {
    if (context == nullptr) return;
    ssl_.reset(::SSL_new(context));
    ::SSL_set_fd(ssl_.get(), socket_.get());
    ::SSL_set_accept_state(ssl_.get());
  }

  /// Takes one request and answers it; false once the client is gone.
  bool serve_one() {
    constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntaken";
    std::size_t have = 0, end = std::string_view::npos;
    while (end == std::string_view::npos) {
      const std::size_t n = receive(have);
      if (n == 0) return false;
      have += n;
      end = std::string_view(buffer_.data(), have).find("\r\n\r\n");
    }
    const std::uint64_t whole = end + 4 + content_length({buffer_.data(), end + 2});
    for (std::uint64_t got = have; got < whole;) {
      const std::size_t n = receive(0);
      if (n == 0) return false;
      got += n;
    }
    return send(answer);
  }

 private:
  /// Into the buffer from there on; 0 at the end, and where the buffer is full.
  std::size_t receive(std::size_t from) {
    char* const into = buffer_.data() + from;
    const std::size_t room = buffer_.size() - from;
    const auto n =
        ssl_ ? ::SSL_read(ssl_.get(), into, static_cast<int>(room)) : ::recv(socket_.get(), into, room, 0);
    return n > 0 ? static_cast<std::size_t>(n) : 0;
  }

  bool send(std::string_view bytes) {
    const auto n = ssl_ ? ::SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                        : ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return n > 0;
  }

  Descriptor socket_;
  std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_{nullptr, ::SSL_free};
  std::vector<char> buffer_;
};

void serve(const Descriptor& listening, SSL_CTX* context) {
  for (;;) {
    Descriptor socket(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (!socket) {
      std::perror("upload sink: accept");
      std::_Exit(1);
    }
    std::thread([socket = std::move(socket), context]() mutable {
      Client client(std::move(socket), context);
      while (client.serve_one()) {
      }
    }).detach();
  }
}

}  // namespace

std::uint16_t start_upload_sink(SSL_CTX* context) {
  Descriptor listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listening.get(), 128) != 0 ||
      ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw_errno("upload sink");
  if (context != nullptr) ::SSL_CTX_up_ref(context);
  std::thread([listening = std::move(listening), context] { serve(listening, context); }).detach();
  return ntohs(address.sin_port);
}

}  // namespace headway::bench
