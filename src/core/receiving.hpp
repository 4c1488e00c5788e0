// SPDX-License-Identifier: BSL-1.0
#pragma once

// One receive from a transport, with the waits that it needs. A local of the exchange's operations, on their
// thread.

#include "src/core/deadlines.hpp"
#include "src/core/transport.hpp"

#include <headway/detail/want.hpp>

#include <span>

namespace headway::core {

/// What the deadline's passing means to the connection.
enum class Lateness : unsigned char {
  fatal,     ///< it is closed
  harmless,  ///< it is used on, and nothing that comes meanwhile may be lost
};

/// As far as it has come; whoever has it awaits its wants. No operation of its own, since hardly anything is
/// done more often.
class Receiving {
 public:
  Receiving(Transport& transport, const detail::Waiter& waiter, Phase phase, std::span<char> into,
            Deadline deadline, Lateness lateness = Lateness::fatal)
      : transport_(transport),
        into_(into),
        deadline_(deadline),
        phase_(phase),
        by_waiter_(transport.is_raw() && waiter.receives() && lateness == Lateness::fatal) {
    // The first byte of a response is hardly ever there yet, and a waiter that receives makes no difference
    // of it.
    const bool hopeless = (phase == Phase::response && !transport.holds_input()) || by_waiter_;
    if (!hopeless) got_ = transport.read(into);
  }

  /// What to wait for now, or nullptr once there is a result.
  detail::Want* next() {
    if (socket_.socket != nullptr) resume();
    if (!got_.blocked()) return nullptr;
    const bool reading = got_.kind == IoResult::Kind::want_readable;
    socket_ = {&transport_.socket(), reading, !reading};
    want_.sockets = {&socket_, 1};
    want_.deadline = deadline_.time;
    want_.phase = phase_;
    want_.into = reading && by_waiter_ ? into_ : std::span<char>();
    want_.received = detail::Want::not_received;
    want_.timed_out = false;
    return &want_;
  }

  const IoResult& result() const noexcept { return got_; }

 private:
  void resume() {
    if (want_.timed_out) {
      got_ = {.kind = IoResult::Kind::failed, .error = deadline_.error};
    } else {
      got_ = want_.received == detail::Want::not_received ? transport_.read(into_)
                                                          : IoResult::of_receive(want_.received);
    }
  }

  Transport& transport_;
  std::span<char> into_;
  Deadline deadline_;
  Phase phase_;
  bool by_waiter_;
  IoResult got_{.kind = IoResult::Kind::want_readable};
  detail::SocketWant socket_;
  detail::Want want_;
};

}  // namespace headway::core
