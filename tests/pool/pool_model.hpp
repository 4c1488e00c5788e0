// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a pool's user can know of it, kept in plain lists, and the rules that the pool has to keep, tried on
// them after each step. It shares no code with the pool. A broken rule is thrown as std::logic_error.

#include <headway/pool.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace headway::test {

struct WalkClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<WalkClock, duration>;
};

inline void require(bool holds, const char* rule) {
  if (!holds) throw std::logic_error(rule);
}

struct PoolModel {
  using IntPool = Pool<int, WalkClock>;
  using Slot = IntPool::Slot;
  using Waiter = IntPool::Waiter;
  using State = Waiter::State;
  using Time = IntPool::Time;

  static constexpr std::size_t route_count = 5;
  static constexpr int in_nobodys_hand = -1;

  struct Waiting {
    std::shared_ptr<Waiter> waiter;
    std::size_t route;
    std::uint64_t turn;
    State state;
    bool waits() const { return state == State::queued || state == State::dialling; }
  };
  struct Leased {
    Slot* slot;
    int connection;
    std::size_t route;
    std::uint64_t generation;
    const Waiter* waiter;  // who has been handed it but has not collected it, or null
  };
  struct Dialling {
    Slot* slot;
    std::size_t route;
    const Waiter* owner;  // null: it is for whoever comes next
  };
  struct Idle {
    int connection;
    std::size_t route;
    Time expires;
  };

  std::vector<Waiting> waiting;  // in order of entering
  std::vector<Leased> leased;
  std::vector<Dialling> dials;
  std::vector<Idle> idle;                // the longest idle first
  std::vector<bool> closed;              // by connection, from 0 on
  Idle in_hand{in_nobodys_hand, 0, {}};  // came back in this step
  std::size_t max_total = 0;
  std::size_t max_per_route[route_count] = {};
  std::size_t counted_before = 0;
  std::size_t counted_by_route_before[route_count] = {};
  Time now{};

  std::size_t counted() const { return idle.size() + leased.size() + dials.size(); }
  std::size_t counted(std::size_t route) const {
    const auto here = [route](const auto& each) { return each.route == route; };
    return static_cast<std::size_t>(std::ranges::count_if(idle, here) + std::ranges::count_if(leased, here) +
                                    std::ranges::count_if(dials, here));
  }
  Waiting& entry_of(const Waiter* waiter) {
    const auto found = std::ranges::find_if(waiting, [&](auto& each) { return each.waiter.get() == waiter; });
    require(found != waiting.end(), "only those are woken that wait");
    return *found;
  }
  void forget(const Waiter* waiter) {
    std::erase_if(waiting, [&](const auto& each) { return each.waiter.get() == waiter; });
  }

  /// The first in turn of a route's waiters for which `wanted` holds, or null.
  template <class Wanted>
  const Waiting* first(std::size_t route, Wanted wanted) const {
    const Waiting* found = nullptr;
    for (const Waiting& each : waiting) {
      if (each.route != route || !wanted(each)) continue;
      if (found == nullptr || each.turn < found->turn) found = &each;
    }
    return found;
  }
  const Waiting* first_queued(std::size_t route) const {
    return first(route, [](const Waiting& each) { return each.state == State::queued; });
  }

  // --- what came out of a step

  void absorb(const IntPool::Effects& effects) {
    for (const auto& closing : effects.closing) close(closing.connection, closing.reason);
    std::uint64_t last_granted = 0;
    for (const auto& woken : effects.woken) wake(*woken, last_granted);
    for (std::size_t route = 0; last_granted != 0 && route < route_count; ++route) {
      require(!starves(route) || first_queued(route)->turn > last_granted, "the oldest gets the free place");
    }
    if (in_hand.connection != in_nobodys_hand) idle.push_back(in_hand);
    in_hand.connection = in_nobodys_hand;
  }

  void close(int connection, CloseReason reason) {
    const auto index = static_cast<std::size_t>(connection);
    require(index < closed.size() && !closed[index], "a connection is closed once");
    closed[index] = true;
    if (connection == in_hand.connection) {
      in_hand.connection = in_nobodys_hand;
      return;
    }
    const auto found =
        std::ranges::find_if(idle, [&](const Idle& each) { return each.connection == connection; });
    require(found != idle.end(), "only idle connections are closed unasked");
    if (reason == CloseReason::evicted)
      require(found == idle.begin(), "the longest idle of any route is evicted");
    if (reason == CloseReason::expired) require(found->expires <= now, "nothing expires before its time");
    idle.erase(found);
  }

  void wake(Waiter& woken, std::uint64_t& last_granted) {
    Waiting& entry = entry_of(&woken);
    require(entry.waits() && entry.state != woken.state(), "a waiter is woken for a change, once");
    const State before = std::exchange(entry.state, woken.state());
    if (entry.state == State::dialling) {
      const Waiting* const ahead = first_queued(entry.route);
      require(ahead == nullptr || ahead->turn > entry.turn, "a place goes to the first in the queue");
      require(entry.turn > last_granted, "places go out by age");
      last_granted = entry.turn;
      dials.push_back({woken.slot(), entry.route, &woken});
      return;
    }
    for (Dialling& dial : dials)
      if (before == State::dialling && dial.owner == &woken) dial.owner = nullptr;
    if (entry.state == State::served) {
      serve(entry, woken);
    } else {
      require(woken.state() == State::failed && woken.error() == Error::pool_shut_down,
              "only shutdown fails");
      forget(&woken);
    }
  }

  void serve(const Waiting& entry, Waiter& woken) {
    const Waiting* const ahead = first(entry.route, [](const Waiting& each) { return each.waits(); });
    require(ahead == nullptr || ahead->turn > entry.turn, "a connection goes to the first of the route");
    require(woken.slot()->connection() == in_hand.connection && in_hand.route == entry.route,
            "who is served gets what came back");
    leased.push_back({woken.slot(), in_hand.connection, entry.route, woken.slot()->generation(), &woken});
    in_hand.connection = in_nobodys_hand;
  }

  // --- what holds between steps

  bool starves(std::size_t route) const {
    const auto queued = std::ranges::count_if(
        waiting, [&](const auto& each) { return each.route == route && each.state == State::queued; });
    const auto to_come = std::ranges::count_if(
        dials, [&](const auto& dial) { return dial.route == route && dial.owner == nullptr; });
    return queued > to_come && counted(route) < max_per_route[route];
  }

  void compare(const IntPool& pool) {
    require(pool.check(), "the pool's own check");
    compare_figures(pool);
    compare_places(pool);
    for (const Waiting& each : waiting) require(each.state == each.waiter->state(), "a waiter's state");
    const bool full = counted() >= max_total && idle.empty();
    for (std::size_t route = 0; route < route_count; ++route) {
      require(full || pool.is_shut_down() || !starves(route), "nobody waits while there is a place");
      const std::size_t count = counted(route);
      require(count <= std::max(max_per_route[route], counted_by_route_before[route]), "a route's cap");
      counted_by_route_before[route] = count;
    }
    require(counted() <= std::max(max_total, counted_before), "the cap of all");
    counted_before = counted();
  }

  void compare_figures(const IntPool& pool) const {
    const PoolStats stats = pool.stats();
    require(stats.leased == leased.size() && stats.connecting == dials.size(), "leased and connecting");
    const auto queued =
        std::ranges::count_if(waiting, [](const auto& each) { return each.state == State::queued; });
    require(stats.pending == static_cast<std::size_t>(queued), "pending");
    std::size_t used = 0;
    for (std::size_t route = 0; route < route_count; ++route) {
      used += counted(route) > 0 || first(route, [](const Waiting& each) { return each.waits(); }) != nullptr;
    }
    require(pool.routes() == used, "a route without connections and waiters is forgotten");
  }

  void compare_places(const IntPool& pool) const {
    auto next = idle.begin();
    pool.visit_idle([&](Slot& slot) {
      require(next != idle.end() && next->connection == slot.connection() && next->expires == slot.expires(),
              "idle connections, in order of time");
      ++next;
    });
    require(next == idle.end(), "an idle connection is lost");
    for (const Leased& each : leased) {
      require(each.slot->state() == Slot::State::leased && each.slot->connection() == each.connection &&
                  each.slot->generation() == each.generation,
              "a lease is its holder's alone");
    }
    for (const Dialling& each : dials)
      require(each.slot->state() == Slot::State::connecting, "a dial's place");
    const auto open = static_cast<std::size_t>(std::ranges::count(closed, false));
    require(open == idle.size() + leased.size(), "every connection is in one place");
  }
};

}  // namespace headway::test
