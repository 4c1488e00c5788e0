// SPDX-License-Identifier: BSL-1.0
#pragma once

// A client on an io_context that the test runs by hand, function by function: its connections are scripted,
// its clock stands, and nothing happens that the test does not bring about. One thread.

#include "tests/async/ending.hpp"
#include "tests/async/scripted_readiness.hpp"
#include "tests/manage/desk.hpp"

#include <headway/async.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace headway::testing {

inline const std::string ok_hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
inline const std::string url_a = "http://a.test/";

struct Stage : Desk {
  explicit Stage(PoolOptions pool_options = {}, ClientOptions options = {.retry_strategy = NeverRetry{}})
      : Desk(std::move(pool_options)), client(io.get_executor(), pool, std::move(options)) {}

  /// Opened at once, or kept.
  Lease lease(const HttpRoute& route = route_a) {
    Lease leased = Desk::lease(route);
    answered_ = connector->dials();
    return leased;
  }
  /// The same, of a connection that asynchronous operations can use afterwards.
  Lease polled_lease() {
    Ending<Lease> ending;
    pool->async_lease(route_a, asio::bind_executor(io.get_executor(), ending.handler()));
    settle();
    if (has_unanswered_dial()) accept();
    settle();
    EXPECT_TRUE(succeeded(ending));
    return std::move(ending.result);
  }
  /// Makes the sockets ready as the scripts say.
  void follow() {
    for (ScriptedReadiness& socket : sockets_) socket.follow();
  }
  /// Runs one function of the executor; false where none is ready.
  bool step() {
    follow();
    io.restart();
    return io.poll_one() > 0;
  }
  /// Goes on as far as it can without a dial's answer and without time.
  void settle() {
    while (step()) {
    }
  }
  /// Answers the dial that has waited longest. Returns the connection's other end.
  ScriptedPeer& accept() {
    while (connector->dial(answered_).dropped()) ++answered_;
    ScriptedDial& dial = connector->dial(answered_++);
    sockets_.emplace_back(dial.peer);
    dial.succeed(sockets_.back().take());
    return *dial.peer;
  }
  bool has_unanswered_dial() const { return answered_ < connector->dials(); }
  void refuse() { connector->dial(answered_++).fail(Error::connection_refused); }
  /// Time passes, and whoever was late finds out.
  void pass(Duration time) {
    clock.advance(time);
    settle();
  }
  /// A stream of the next connection, which delivers `bytes`; more can follow.
  ResponseStream open(std::string bytes) {
    Ending<ResponseStream> opened;
    client.async_open({.url = url_a}, opened.handler());
    settle();
    if (has_unanswered_dial()) accept();
    peer(answered_ - 1).deliver(std::move(bytes));
    settle();
    EXPECT_TRUE(succeeded(opened));
    return std::move(opened.result);
  }
  /// Of the connection that was opened last.
  ScriptedPeer& last_peer() const { return peer(answered_ - 1); }

  /// Destroying it ends `io`.
  std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>();
  asio::io_context& io = *context;
  Client client;

 private:
  std::size_t answered_ = 0;
  std::deque<ScriptedReadiness> sockets_;
};

}  // namespace headway::testing
