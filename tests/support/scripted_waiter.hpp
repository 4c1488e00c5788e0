// SPDX-License-Identifier: BSL-1.0
#pragma once

// Parks an operation at each of its waits until the test lets it go on. One thread.

#include "tests/support/scripted_transport.hpp"

#include <headway/detail/want.hpp>
#include <headway/testing/manual_clock.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace headway::testing {

/// Who receives where a Want offers a buffer: the waiter, as the blocking one does, or the operation.
enum class Receives { waiter, operation };

class ScriptedWaiter final : public detail::Waiter {
 public:
  explicit ScriptedWaiter(const Clock& clock, Receives receives = Receives::operation)
      : clock_(clock), receives_(receives) {}

  TimePoint now() const noexcept override { return clock_.now(); }
  bool receives() const noexcept override { return receives_ == Receives::waiter; }
  bool wait(detail::Want& want, std::coroutine_handle<> operation) override {
    want.timed_out = false;
    want.received = detail::Want::not_received;
    if (want.yields) return true;
    want_ = &want;
    operation_ = operation;
    ++waits_;
    return false;
  }

  /// How often the operation has waited.
  int waits() const { return waits_; }
  /// Preconditions: the operation waits.
  const detail::Want& want() const { return *want_; }
  bool signalled() const {
    return std::any_of(want_->signals.begin(), want_->signals.end(),
                       [](const detail::Signal* signal) { return signal != nullptr && signal->is_set(); });
  }
  bool too_late() const { return want_->deadline <= now(); }

  /// The sockets are as `peer` says, or ready where there is none.
  void resume(ScriptedPeer* peer) {
    for (detail::SocketWant& socket : want_->sockets) {
      socket.readable = socket.readable && (peer == nullptr || peer->readable());
      socket.writable = socket.writable && (peer == nullptr || peer->writable());
    }
    if (receives() && !want_->into.empty() && peer != nullptr) receive(*peer);
    go_on();
  }

  void time_out() {
    for (detail::SocketWant& socket : want_->sockets) socket.readable = socket.writable = false;
    want_->timed_out = true;
    go_on();
  }

 private:
  void receive(ScriptedPeer& peer) {
    const core::IoResult got = peer.read(want_->into);
    if (got.kind == core::IoResult::Kind::done) want_->received = static_cast<std::ptrdiff_t>(got.bytes);
    if (got.kind == core::IoResult::Kind::end) want_->received = 0;
    if (got.kind == core::IoResult::Kind::failed) want_->received = -ECONNRESET;
  }
  void go_on() {
    want_ = nullptr;
    std::exchange(operation_, nullptr).resume();
  }

  const Clock& clock_;
  Receives receives_;
  detail::Want* want_ = nullptr;
  std::coroutine_handle<> operation_;
  int waits_ = 0;
};

}  // namespace headway::testing
