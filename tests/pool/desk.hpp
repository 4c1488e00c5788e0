// SPDX-License-Identifier: BSL-1.0
#pragma once

// A pool of ints with a clock that is moved by hand. Every step is followed by the pool's own check, and what
// it had to close or wake is kept for the test to ask about.

#include <headway/pool.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace headway::test {

struct HandClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<HandClock, duration>;
};

using IntPool = Pool<int, HandClock>;
using Slot = IntPool::Slot;
using Waiter = IntPool::Waiter;
using WaiterPtr = IntPool::WaiterPtr;
using State = Waiter::State;
using Freshness = IntPool::Freshness;
using Time = IntPool::Time;
using Millis = std::chrono::milliseconds;
using Closed = std::vector<std::pair<int, CloseReason>>;

inline HttpRoute route_to(const std::string& host) { return HttpRoute("http", host); }

inline const HttpRoute a = route_to("a");
inline const HttpRoute b = route_to("b");
inline const HttpRoute c = route_to("c");

class Desk {
 public:
  explicit Desk(const PoolLimits& limits = {}) : pool(limits) {}

  IntPool pool;
  Time now{};

  /// Does something to the pool and takes note of the effects.
  template <class Action>
  auto step(Action action) {
    IntPool::Effects effects;
    if constexpr (std::is_void_v<decltype(action(effects))>) {
      action(effects);
      note(effects);
    } else {
      auto result = action(effects);
      note(effects);
      return result;
    }
  }

  Slot* take(const HttpRoute& route) {
    return step([&](auto& effects) { return pool.take_idle(route, now, effects); });
  }
  WaiterPtr enter(const HttpRoute& route, Freshness freshness = Freshness::any) {
    auto waiter = std::make_shared<Waiter>();
    reenter(waiter, route, freshness);
    return waiter;
  }
  void reenter(const WaiterPtr& waiter, const HttpRoute& route, Freshness freshness = Freshness::any) {
    step([&](auto& effects) { pool.enter(waiter, route, freshness, now, effects); });
  }
  void withdraw(const WaiterPtr& waiter) {
    step([&](auto& effects) { pool.withdraw(*waiter, now, effects); });
  }
  void dialled(Slot* slot, int connection, Millis keep = forever) {
    step([&](auto& effects) { pool.dialled(*slot, connection, now, until(keep), effects); });
  }
  void dial_failed(Slot* slot) {
    step([&](auto& effects) { pool.dial_failed(*slot, effects); });
  }
  void keep(Slot* slot, Millis keep = forever) { end(slot, CloseReason::none, keep); }
  void discard(Slot* slot, CloseReason reason = CloseReason::io_error) { end(slot, reason, forever); }
  void shutdown() {
    step([&](auto& effects) { pool.shutdown(effects); });
  }

  /// A leased connection that was dialled just now.
  Slot* open(const HttpRoute& route, int connection) {
    const WaiterPtr waiter = enter(route);
    EXPECT_EQ(waiter->state(), State::dialling);
    dialled(waiter->slot(), connection);
    return pool.collect(*waiter);
  }
  /// An idle one, opened ahead of need.
  Slot* warm(const HttpRoute& route, int connection, Millis keep = forever) {
    Slot* const slot = pool.reserve(route);
    dialled(slot, connection, keep);
    return slot;
  }

  /// What was closed and who was woken since this was asked last.
  Closed closed() { return std::exchange(closed_, {}); }
  std::vector<WaiterPtr> woken() { return std::exchange(woken_, {}); }
  std::vector<int> idle() const {
    std::vector<int> connections;
    pool.visit_idle([&](Slot& slot) { connections.push_back(slot.connection()); });
    return connections;
  }

  static constexpr Millis forever = Millis::max();

 private:
  Time until(Millis keep) const { return keep == forever ? Time::max() : now + keep; }
  void end(Slot* slot, CloseReason reason, Millis keep) {
    step([&](auto& effects) {
      pool.give_back(*slot, reason, now, until(keep), CloseReason::expired, effects);
    });
  }
  void note(IntPool::Effects& effects) {
    for (const auto& closing : effects.closing) closed_.emplace_back(closing.connection, closing.reason);
    for (const auto& waiter : effects.woken) woken_.push_back(waiter);
    EXPECT_TRUE(pool.check());
  }

  Closed closed_;
  std::vector<WaiterPtr> woken_;
};

}  // namespace headway::test
