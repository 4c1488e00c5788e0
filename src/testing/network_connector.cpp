// SPDX-License-Identifier: BSL-1.0
#include "src/testing/network_connector.hpp"

#include <utility>

namespace headway::testing {

using Answer = ConnectionScript::Answer;
using connect::Dialled;

namespace {

/// The client's end.
class NetworkTransport final : public core::Transport {
 public:
  NetworkTransport(std::shared_ptr<ConnectionScript> script, ManualClock& clock)
      : script_(std::move(script)), clock_(clock), bell_(script_->open()) {}
  NetworkTransport(const NetworkTransport&) = delete;
  NetworkTransport& operator=(const NetworkTransport&) = delete;
  ~NetworkTransport() override { script_->close(); }

  core::IoResult read(std::span<char> into) noexcept override { return script_->read(into, clock_); }
  core::IoResult write(std::string_view first, std::string_view second) noexcept override {
    return script_->write(first, second);
  }
  detail::Socket& socket() noexcept override { return bell_; }
  bool is_raw() const noexcept override { return false; }
  /// It may: a script goes on when it is read from, so that every wait has to begin with a read.
  bool holds_input() const noexcept override { return true; }
  Idle look() noexcept override { return script_->look(); }

 private:
  std::shared_ptr<ConnectionScript> script_;
  ManualClock& clock_;
  detail::Socket bell_;
};

}  // namespace

NetworkConnector::NetworkConnector(std::shared_ptr<NetworkState> network, ManualClock& clock)
    : network_(std::move(network)), clock_(clock) {
  clock_.subscribe(this, [state = network_] { state->wake(); });
}

NetworkConnector::~NetworkConnector() { clock_.unsubscribe(this); }

detail::Op<Dialled> NetworkConnector::connect(HttpRoute route, connect::DialTimeouts timeouts) {
  detail::Waiter& waiter = co_await detail::this_waiter;
  const TimePoint deadline = after(waiter.now(), timeouts.connect);
  const std::shared_ptr<ConnectionScript> script = network_->dial(route);
  Dialled dialled;
  if (script->answer() == Answer::ignore && deadline != never) clock_.advance(deadline - waiter.now());
  for (;;) {
    script->news().reset();
    const Answer answer = script->answer();
    if (answer == Answer::open) dialled.transport = std::make_unique<NetworkTransport>(script, clock_);
    if (answer == Answer::refuse) dialled.error = script->refusal();
    if (answer == Answer::open || answer == Answer::refuse) co_return dialled;
    detail::Want want;
    want.signals[0] = &script->news();
    want.deadline = deadline;
    want.phase = Phase::connect;
    co_await want;
    if (!want.timed_out) continue;
    dialled.error = Error::connect_timeout;
    co_return dialled;
  }
}

}  // namespace headway::testing
