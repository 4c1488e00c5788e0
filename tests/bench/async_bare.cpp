// SPDX-License-Identifier: BSL-1.0

// The floor: what the kernel, or OpenSSL, and the least possible parsing cost. Fixed bytes go out, and an
// answer ends where its Content-Length says.

#include "src/testing/descriptor.hpp"
#include "tests/bench/async_peer.hpp"
#include "tests/bench/bare_stream.hpp"

#include <sys/epoll.h>

#include <array>
#include <list>
#include <optional>
#include <span>

namespace headway::bench {
namespace {

using testing::throw_errno;

struct Connection {
  BareStream stream;
  std::array<char, 4 * 1024> buffer{};
  std::size_t filled = 0;
};

class Bare final : public AsyncPeer {
 public:
  explicit Bare(const Target& wanted)
      : AsyncPeer(wanted), request_(bare_request(wanted.url)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (wanted.secure()) context_ = make_bare_context(wanted.trusted);
    for (int i = 0; i < wanted.connections; ++i) {
      Connection& connection = connections_.emplace_back(BareStream(wanted.url, context_.get()));
      connection.stream.stop_blocking();
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.stream.socket(), &event) != 0)
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
    if (take_request()) connection.stream.send(request_);
  }

  /// All that is there: what OpenSSL has taken from the socket is no longer announced.
  void receive(Connection& connection) {
    while (const auto n =
               connection.stream.try_receive(std::span(connection.buffer).subspan(connection.filled))) {
      connection.filled += *n;
      if (take_answer(connection)) return send_next(connection);
    }
  }

  bool take_answer(Connection& connection) {
    const std::string_view text(connection.buffer.data(), connection.filled);
    const std::optional<BareHead> head = parse_bare_head(text);
    if (!head || text.size() < head->size + head->length) return false;
    check(head->status, text.substr(head->size));
    connection.filled = 0;
    return true;
  }

  const std::string request_;
  const testing::Descriptor epoll_;
  std::shared_ptr<SSL_CTX> context_;
  std::list<Connection> connections_;
};

}  // namespace

std::unique_ptr<Peer> make_async_bare(const Target& target) { return std::make_unique<Bare>(target); }

}  // namespace headway::bench
