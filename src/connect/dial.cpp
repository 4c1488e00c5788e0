// SPDX-License-Identifier: BSL-1.0
#include "src/connect/dial.hpp"

#include <algorithm>
#include <vector>

namespace headway::connect {

using detail::Op;
using detail::Signal;
using detail::SocketWant;
using detail::Want;

bool Dial::Parking::wait(Want& wanted, std::coroutine_handle<> operation) {
  want = &wanted;
  suspended = operation;
  return false;
}

Dial::Dial(Connector& connector, const HttpRoute& route, DialTimeouts timeouts, const Clock& clock)
    : parking_(std::make_unique<Parking>(clock)), op_(connector.connect(route, timeouts)) {}

Op<Dial::Driven> Dial::drive(Signal* interrupt, TimePoint deadline) {
  if (!started_) {
    started_ = true;
    op_.start(*parking_);
  }
  while (!op_.done()) {
    Want& inner = *parking_->want;
    if (inner.yields) {
      Want turn;
      turn.yields = true;
      co_await turn;
      if (interrupt != nullptr && interrupt->is_set()) co_return Driven::interrupted;
      if (parking_->now() >= deadline) co_return Driven::out_of_time;
      parking_->suspended.resume();
      continue;
    }
    std::vector<SocketWant> sockets(inner.sockets.begin(), inner.sockets.end());
    Want outer;
    outer.sockets = sockets;
    outer.signals = {inner.signals[0], interrupt};
    outer.deadline = std::min(inner.deadline, deadline);
    outer.phase = inner.phase;
    co_await outer;
    if (interrupt != nullptr && interrupt->is_set()) co_return Driven::interrupted;
    if (outer.timed_out && deadline < inner.deadline) co_return Driven::out_of_time;
    std::copy(sockets.begin(), sockets.end(), inner.sockets.begin());
    inner.timed_out = outer.timed_out;
    parking_->suspended.resume();
  }
  co_return Driven::done;
}

}  // namespace headway::connect
