// SPDX-License-Identifier: BSL-1.0
#pragma once

// Runs an operation wait by wait: the test says what it expects the operation to want, and what happens then.
//
//   script.wants_read(Phase::response, 5s).advance(5s).fails_with(Error::response_timeout);
//
// The first thing that is not as expected fails the test at the line of that step; the steps after it do
// nothing. One thread.

#include "tests/support/scripted_waiter.hpp"

#include <headway/detail/op.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <source_location>
#include <string>
#include <utility>

namespace headway::testing {

template <class T>
class OpScript {
 public:
  using Here = std::source_location;

  /// Runs it up to its first wait. Clock and peer must outlive the script.
  OpScript(detail::Op<T> op, ManualClock& clock, ScriptedPeer* peer = nullptr,
           Receives receives = Receives::operation)
      : clock_(clock), peer_(peer), waiter_(clock, receives), op_(std::move(op)) {
    op_.start(waiter_);
  }

  // --- what is expected; `within`: how far away the deadline is, where that matters
  OpScript& wants_read(Phase phase, std::optional<Duration> within = {}, Here here = Here::current()) {
    return wants("read", phase, within, here);
  }
  OpScript& wants_write(std::optional<Duration> within = {}, Here here = Here::current()) {
    return wants("write", Phase::write, within, here);
  }
  OpScript& wants_connected(std::optional<Duration> within = {}, Here here = Here::current()) {
    return wants("write", Phase::connect, within, here);
  }
  OpScript& wants_signal(Phase phase, std::optional<Duration> within = {}, Here here = Here::current()) {
    return wants("signal", phase, within, here);
  }

  /// Whether the operation would have its waiter receive.
  bool offers_room() const { return !waiter_.want().into.empty(); }

  // --- what happens
  OpScript& deliver(std::string bytes) {
    peer_->deliver(std::move(bytes));
    return resume();
  }
  OpScript& end() {
    peer_->end();
    return resume();
  }
  OpScript& reset() {
    peer_->fail_read(Error::connection_reset);
    return resume();
  }
  OpScript& accept(std::size_t most) {
    peer_->accept(most);
    return resume();
  }
  OpScript& accept_all() { return resume(); }
  OpScript& fail_write() {
    peer_->fail_write(Error::connection_reset);
    return resume();
  }
  /// The wait is over, for whatever reason.
  OpScript& resume() {
    if (!lost_ && !op_.done()) waiter_.resume(peer_);
    return *this;
  }
  /// Time passes; where the deadline has come, the wait is over.
  OpScript& advance(MonotonicClock::duration by) {
    clock_.advance(by);
    if (!lost_ && !op_.done() && waiter_.too_late()) waiter_.time_out();
    return *this;
  }
  /// Goes on as long as signals are set.
  OpScript& run_signalled() {
    while (!lost_ && !op_.done() && waiter_.signalled()) waiter_.resume(peer_);
    return *this;
  }
  /// Goes on as the peer's script and the deadlines let it: to the end, or up to wait number `waits`.
  OpScript& run(int waits = 1'000'000, Here here = Here::current()) {
    while (!op_.done() && waiter_.waits() < waits) {
      bool ready = waiter_.signalled();
      for (const detail::SocketWant& socket : waiter_.want().sockets) {
        ready |= (socket.readable && peer_->readable()) || (socket.writable && peer_->writable());
      }
      if (!ready && waiter_.want().deadline == never) return lose("the operation hangs", here);
      if (!ready)
        clock_.advance(std::max(waiter_.want().deadline - clock_.now(), MonotonicClock::duration()));
      ready ? waiter_.resume(peer_) : waiter_.time_out();
    }
    return *this;
  }
  /// Destroys the operation where it waits.
  void cancel() { op_ = {}; }

  // --- how it ends
  bool done() const { return op_.done(); }
  T result() { return op_.take(); }
  OpScript& ends(Here here = Here::current()) {
    return lost_ || op_.done() ? *this : lose("the operation ought to be done, it " + state(), here);
  }
  void fails_with(std::error_code expected, Here here = Here::current()) {
    ends(here);
    if (lost_) return;
    const std::error_code ec = result();
    if (ec != expected)
      lose("it ended with \"" + ec.message() + "\", not \"" + expected.message() + '"', here);
  }
  void succeeds(Here here = Here::current()) { fails_with({}, here); }

 private:
  OpScript& wants(const std::string& what, Phase phase, std::optional<Duration> within, Here here) {
    if (lost_) return *this;
    if (op_.done()) return lose("it ought to want " + what + ", it " + state(), here);
    const detail::Want& want = waiter_.want();
    if (kind() != what || want.phase != phase) {
      return lose("it ought to want " + what + " for " + std::string(to_string(phase)) + ", it " + state(),
                  here);
    }
    if (within && want.deadline != after(clock_.now(), *within)) {
      return lose("its deadline ought to be " + std::to_string(within->count()) + " ms away, it " + state(),
                  here);
    }
    return *this;
  }

  std::string kind() const {
    const detail::Want& want = waiter_.want();
    if (want.sockets.empty()) return want.signals[0] || want.signals[1] ? "signal" : "time";
    return want.sockets[0].writable ? "write" : "read";
  }
  std::string state() const {
    if (op_.done()) return "is done";
    const detail::Want& want = waiter_.want();
    std::string text = "wants " + kind() + " for " + std::string(to_string(want.phase));
    if (want.deadline == never) return text + " without a deadline";
    const auto left = std::chrono::duration_cast<Duration>(want.deadline - clock_.now());
    return text + " within " + std::to_string(left.count()) + " ms";
  }
  OpScript& lose(const std::string& why, Here here) {
    lost_ = true;
    ADD_FAILURE_AT(here.file_name(), static_cast<int>(here.line())) << why;
    return *this;
  }

  ManualClock& clock_;
  ScriptedPeer* peer_;
  ScriptedWaiter waiter_;
  detail::Op<T> op_;
  bool lost_ = false;
};

}  // namespace headway::testing
