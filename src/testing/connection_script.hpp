// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a test has said of one connection, and what the client has done with it. Shared by the test's
// ScriptedConnection and the client's transport; thread-safe.

#include "src/core/transport.hpp"

#include <headway/detail/signal.hpp>
#include <headway/http_route.hpp>
#include <headway/testing/manual_clock.hpp>
#include <headway/testing/patience.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace headway::testing {

/// Whoever waits for it polls its bell, a timer's descriptor that is rung at once when something has changed
/// or the clock was moved, or a write took a part, and after the longest wait otherwise. A read that has
/// nothing silences it, but for the first after a write that took a part.
class ConnectionScript {
 public:
  enum class Answer { open, refuse, hold, ignore };
  struct Read {
    enum class Kind { bytes, end, failure, stall };
    Kind kind = Kind::bytes;
    std::string bytes = {};
    std::string after = {};  ///< what has to be written before
    std::error_code error = {};
    Duration by = {};  ///< how far a stall moves the clock, until it has
  };
  struct Write {
    enum class Kind { part, failure, stall };
    Kind kind = Kind::part;
    std::size_t most = 0;
    std::error_code error = {};
    Duration by = {};
  };

  explicit ConnectionScript(std::chrono::nanoseconds longest_wait = patience) noexcept
      : longest_wait_(longest_wait) {}

  // --- the test's side
  void set_answer(Answer answer, std::error_code error = {});
  void add(Read read);
  void add(Write write);
  void reset();
  HttpRoute route() const;
  std::string written() const;
  bool closed() const;
  bool wait_for_written(std::string_view text);
  bool wait_until_stalled();
  bool wait_until_closed();

  // --- the client's side
  void set_route(HttpRoute route);
  Answer answer() const;
  std::error_code refusal() const;
  /// Set when the answer or the time may have changed.
  detail::Signal& news() noexcept { return news_; }
  /// Its bell. Throws std::system_error.
  detail::Socket open();
  core::IoResult read(std::span<char> into, ManualClock& clock);
  core::IoResult write(std::string_view first, std::string_view second);
  core::Transport::Idle look();
  void close();

  /// The clock was moved.
  void wake();

 private:
  const Read* due() const;
  bool blocks_reads() const;
  core::IoResult block(std::unique_lock<std::mutex>& lock, ManualClock& clock);
  void ring();
  void go_on();
  bool wait_until(const std::function<bool()>& predicate);

  const std::chrono::nanoseconds longest_wait_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  detail::Signal news_;
  HttpRoute route_;
  Answer answer_ = Answer::open;
  std::error_code refusal_;
  std::deque<Read> reads_;
  std::deque<Write> writes_;
  bool reset_ = false;
  std::string written_;
  std::string unanswered_;  // what was written since the last delivery that waited for it
  bool write_waits_ = false;
  bool has_taken_part_ = false;  // and the client has not looked since
  bool stalled_ = false;
  std::optional<std::chrono::steady_clock::time_point> waits_since_;
  bool closed_ = false;
  int bell_ = -1;  // the transport's while it lives
};

}  // namespace headway::testing
