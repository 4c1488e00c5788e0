// SPDX-License-Identifier: BSL-1.0

// The floor: what the kernel and the least possible parsing cost. Fixed bytes go out, and an answer ends
// where its Content-Length says.

#include "src/testing/descriptor.hpp"
#include "tests/bench/async_peer.hpp"
#include "tests/bench/bare_stream.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <vector>

namespace headway::bench {
namespace {

using testing::Descriptor;
using testing::throw_errno;

Descriptor connect_without_blocking(const Url& url) {
  Descriptor socket = connect_to(url);
  if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("fcntl");
  return socket;
}

struct Connection {
  Descriptor socket;
  std::array<char, 4 * 1024> buffer;
  std::size_t filled = 0;
};

class Bare final : public AsyncPeer {
 public:
  explicit Bare(const Target& wanted)
      : AsyncPeer(wanted),
        request_(bare_request(wanted.url)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        connections_(static_cast<std::size_t>(wanted.connections)) {
    for (Connection& connection : connections_) {
      connection.socket = connect_without_blocking(target().url);
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event) != 0)
        throw_errno("epoll_ctl");
    }
  }

 private:
  void run() override {
    for (Connection& connection : connections_) send_next(connection);
    std::array<epoll_event, 64> events;
    while (!done()) {
      const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
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
    const std::string_view text(connection.buffer.data(), connection.filled);
    const std::optional<BareHead> head = parse_bare_head(text);
    if (!head || text.size() < head->size + head->length) return;
    check(head->status, text.substr(head->size));
    connection.filled = 0;
    send_next(connection);
  }

  const std::string request_;
  Descriptor epoll_;
  std::vector<Connection> connections_;
};

}  // namespace

std::unique_ptr<Peer> make_async_bare(const Target& target) { return std::make_unique<Bare>(target); }

}  // namespace headway::bench
