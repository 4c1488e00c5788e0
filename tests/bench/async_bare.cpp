// SPDX-License-Identifier: BSL-1.0

// The floor: what the kernel and the least possible parsing cost. Fixed bytes go out, and an answer ends
// where its Content-Length says.

#include "src/testing/descriptor.hpp"
#include "tests/bench/async_peer.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <optional>

namespace headway::bench {
namespace {

using testing::Descriptor;
using testing::throw_errno;

Descriptor connect_to(const Url& url) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(url.port());
  if (::inet_pton(AF_INET, std::string(url.host()).c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("the host has to be an IPv4 address");
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw_errno("connect");
  if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("fcntl");
  return socket;
}

struct Answer {
  int status;
  std::string_view body;
};

int number_at(std::string_view text) {
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Nothing while the answer is incomplete.
std::optional<Answer> parse(std::string_view text) {
  constexpr std::string_view field = "\r\nContent-Length: ";
  const std::size_t end = text.find("\r\n\r\n");
  if (end == text.npos) return {};
  const std::size_t length_at = text.find(field);
  if (length_at >= end) throw std::runtime_error("bare: no Content-Length");
  const auto length = static_cast<std::size_t>(number_at(text.substr(length_at + field.size())));
  const std::string_view body = text.substr(end + 4);
  if (body.size() < length) return {};
  if (body.size() > length) throw std::runtime_error("bare: more than an answer");
  return Answer{number_at(text.substr(9, 3)), body};
}

struct Connection {
  Descriptor socket;
  std::array<char, 16 * 1024> buffer;
  std::size_t filled = 0;
};

class Bare final : public AsyncPeer {
 public:
  explicit Bare(const Target& wanted)
      : AsyncPeer(wanted),
        request_("GET " + std::string(wanted.url.target()) + " HTTP/1.1\r\nHost: " +
                 std::string(wanted.url.host_field()) + "\r\nUser-Agent: bare\r\nAccept: */*\r\n\r\n"),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (Connection& connection : connections_) {
      connection.socket = connect_to(target().url);
      count_connection();
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event) != 0)
        throw_errno("epoll_ctl");
    }
  }

 private:
  void run() override {
    for (Connection& connection : connections_) send_next(connection);
    std::array<epoll_event, connections> events;
    while (!done()) {
      const int ready = ::epoll_wait(epoll_.get(), events.data(), connections, -1);
      for (int i = 0; i < ready; ++i) receive(*static_cast<Connection*>(events[i].data.ptr));
    }
  }

  void send_next(Connection& connection) {
    if (!take_request()) return;
    const ssize_t sent = ::send(connection.socket.get(), request_.data(), request_.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request_.size())) throw_errno("bare: send");
  }

  void receive(Connection& connection) {
    const ssize_t n = ::recv(connection.socket.get(), connection.buffer.data() + connection.filled,
                             connection.buffer.size() - connection.filled, 0);
    if (n <= 0) throw std::runtime_error("bare: the connection ended, or the answer is too long");
    connection.filled += static_cast<std::size_t>(n);
    const std::optional<Answer> answer = parse({connection.buffer.data(), connection.filled});
    if (!answer) return;
    check(answer->status, answer->body);
    connection.filled = 0;
    send_next(connection);
  }

  const std::string request_;
  Descriptor epoll_;
  std::array<Connection, connections> connections_;
};

}  // namespace

std::unique_ptr<AsyncPeer> make_async_bare(const Target& target) { return std::make_unique<Bare>(target); }

}  // namespace headway::bench
