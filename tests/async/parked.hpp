// SPDX-License-Identifier: BSL-1.0
#pragma once

// One request, brought to wait at a chosen point: in the queue, for a dial, for the server to take or to send
// something, before a retry. One thread.

#include "tests/async/stage.hpp"

#include <array>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

namespace headway::testing {

/// After so many reads and writes.
constexpr Fault silent_after(int steps) { return {Fault::Kind::silence, steps + 1}; }

/// Tries again in an hour.
inline std::optional<Duration> in_an_hour(const FailedTry&) { return 1h; }

/// A request that waits at one point, with a pool of one place.
struct Parked {
  Stage stage{{.max_per_route = 1}, {.retry_strategy = in_an_hour}};
  std::optional<Lease> held;
  asio::cancellation_signal signal;
  Ending<Response> ending;
  Timeouts timeouts = {};
  std::shared_ptr<int> in_handler = std::make_shared<int>();  ///< the handler holds it, too

  void ask(Request request = {.url = url_a}) {
    request.options.timeouts = timeouts;
    auto handler = [noted = ending.handler(), held = in_handler](std::error_code ec, Response response) {
      noted(ec, std::move(response));
    };
    stage.client.async_send(std::move(request),
                            asio::bind_cancellation_slot(signal.slot(), std::move(handler)));
    stage.settle();
  }
  void cancel(asio::cancellation_type how) {
    signal.emit(how);
    EXPECT_EQ(ending.times, 0) << "the handler was called within the cancellation";
    stage.settle();
  }
};

inline void park_in_the_queue(Parked& parked) {
  parked.held.emplace(parked.stage.lease());
  parked.ask();
  EXPECT_EQ(parked.stage.pool->stats().pending, 1U);
}

inline void park_while_dialling(Parked& parked) {
  parked.ask();
  EXPECT_EQ(parked.stage.pool->stats().connecting, 1U);
}

inline void upload_until(Parked& parked, Fault fault) {
  parked.ask({.method = "PUT", .url = url_a, .body = std::string(100'000, 'b')});
  ScriptedPeer& peer = *parked.stage.connector->dial(0).peer;
  peer.accept(10'000);
  peer.break_at(fault);
  parked.stage.accept();
  parked.stage.settle();
  EXPECT_TRUE(peer.broken());
}
inline void park_before_the_first_byte(Parked& parked) { upload_until(parked, silent_after(0)); }
inline void park_while_writing(Parked& parked) { upload_until(parked, silent_after(1)); }

inline void park_before_the_response(Parked& parked) {
  parked.ask();
  parked.stage.accept();
  parked.stage.settle();
  EXPECT_NE(parked.stage.last_peer().written(), "");
}

inline void park_within_the_body(Parked& parked) {
  parked.ask();
  parked.stage.accept().deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
  parked.stage.settle();
}

/// The kept connection that the request was sent on has died, and is being replaced.
inline void park_while_being_replaced(Parked& parked) {
  EXPECT_TRUE(parked.stage.open("HTTP/1.1 204 None\r\n\r\n"));
  parked.stage.last_peer().end();
  parked.ask();
  EXPECT_TRUE(parked.stage.last_peer().closed());
  EXPECT_EQ(parked.stage.pool->stats().connecting, 1U);
}

inline void park_before_a_retry_after_a_refusal(Parked& parked) {
  parked.ask();
  parked.stage.refuse();
  parked.stage.settle();
}

inline void park_before_a_retry_after_an_answer_cut_off(Parked& parked) {
  parked.ask();
  parked.stage.accept().deliver("HTTP/1.1 200 OK\r\nContent-");
  parked.stage.last_peer().end();
  parked.stage.settle();
  EXPECT_TRUE(parked.stage.last_peer().closed());
}

struct Point {
  const char* name;
  void (*park)(Parked&);
  bool reached_server;
};

inline void PrintTo(const Point& point, std::ostream* out) { *out << point.name; }

inline const std::array points{
    Point{"in_the_queue", park_in_the_queue, false},
    Point{"while_dialling", park_while_dialling, false},
    Point{"before_the_first_byte", park_before_the_first_byte, false},
    Point{"while_writing", park_while_writing, true},
    Point{"before_the_response", park_before_the_response, true},
    Point{"within_the_body", park_within_the_body, true},
    Point{"while_being_replaced", park_while_being_replaced, true},
    Point{"before_a_retry_after_a_refusal", park_before_a_retry_after_a_refusal, false},
    Point{"before_a_retry_after_an_answer_cut_off", park_before_a_retry_after_an_answer_cut_off, true},
};

}  // namespace headway::testing
