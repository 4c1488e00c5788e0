// SPDX-License-Identifier: BSL-1.0
#include "src/connect/race.hpp"

#include "src/connect/plain_transport.hpp"

#include <headway/detail/want.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace headway::connect {

using detail::Op;
using detail::SocketWant;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

void append(std::string& list, const std::string& account) {
  if (!list.empty()) list += "; ";
  list += account;
}

}  // namespace

Race::Race(std::span<const Address> addresses, const AttemptSettings& settings)
    : addresses_(addresses),
      settings_(settings),
      schedule_(addresses.size(), settings.options.attempt_delay) {}

Op<Dialled> Race::run(TimePoint deadline) {
  Waiter& waiter = co_await this_waiter;
  for (;;) {
    if (begin_due(waiter.now())) co_return won();
    if (schedule_.is_over()) co_return lost(false);
    Want want;
    want.sockets = wanted();
    want.deadline = std::min(deadline, schedule_.next_start());
    want.phase = Phase::connect;
    co_await want;
    // Even where it was late: what came true meanwhile counts.
    const TimePoint now = waiter.now();
    if (look_at_all(now)) co_return won();
    if (schedule_.is_over()) co_return lost(false);
    if (now >= deadline) co_return lost(true);
  }
}

bool Race::has_lost(std::size_t index) const noexcept {
  const Attempt& attempt = attempts_[index];
  if (attempt.state() == State::failed) return !attempt.failed_here();
  // One that was overtaken had a head start.
  return attempt.state() == State::connecting && (!winner_ || index < *winner_);
}

/// True where one was connected at once.
bool Race::begin_due(TimePoint now) {
  while (schedule_.is_due(now)) {
    const std::size_t index = schedule_.begin(now);
    begun_ = index + 1;
    if (settle(index, attempts_[index].begin(addresses_[index], settings_), now)) return true;
  }
  return false;
}

/// True where one is connected.
bool Race::look_at_all(TimePoint now) {
  for (std::size_t i = 0; i < begun_; ++i) {
    if (attempts_[i].state() == State::connecting && settle(i, attempts_[i].look(), now)) return true;
  }
  return false;
}

/// Takes note of an attempt's new state; true where it has won.
bool Race::settle(std::size_t index, State state, TimePoint now) {
  if (state == State::connected) winner_ = index;
  if (state == State::failed) {
    schedule_.fail(now);
    all_refused_ = all_refused_ && attempts_[index].error() == ECONNREFUSED;
    append(tried_, attempts_[index].account(addresses_[index]));
  }
  return state == State::connected;
}

std::span<SocketWant> Race::wanted() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < begun_; ++i) {
    if (attempts_[i].state() != State::connecting) continue;
    wants_[count++] = {.socket = &attempts_[i].socket(), .readable = false, .writable = true};
  }
  return std::span(wants_).first(count);
}

Dialled Race::won() {
  Dialled dialled;
  dialled.transport = std::make_unique<PlainTransport>(std::move(attempts_[winner_.value()].socket()));
  return dialled;
}

Dialled Race::lost(bool late) {
  Dialled dialled;
  if (late) {
    dialled.error = Error::connect_timeout;
  } else {
    dialled.error = all_refused_ ? Error::connection_refused : Error::connect_failed;
  }
  for (std::size_t i = 0; i < begun_; ++i) {
    if (attempts_[i].state() == State::connecting) append(tried_, addresses_[i].str() + ": no answer");
  }
  dialled.detail = std::move(tried_);
  return dialled;
}

}  // namespace headway::connect
