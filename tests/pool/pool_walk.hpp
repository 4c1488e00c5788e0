// SPDX-License-Identifier: BSL-1.0
#pragma once

// A walk over everything that can be done to a pool, in an order that somebody else chooses, beside a
// PoolModel that knows what may come of it.

#include "tests/pool/pool_model.hpp"

#include <functional>
#include <iterator>
#include <optional>
#include <utility>

namespace headway::test {

class PoolWalk {
 public:
  /// Answers with a number below `end`.
  using Choose = std::function<std::size_t(std::size_t end)>;

  explicit PoolWalk(Choose choose) : choose_(std::move(choose)), limits_(choose_limits()), pool_(limits_) {
    model_.max_total = limits_.max_total;
    std::ranges::fill(model_.max_per_route, limits_.max_per_route);
    for (char name = 'a'; routes_.size() < model_.route_count; ++name) {
      routes_.emplace_back("http", std::string(1, name));
    }
  }

  void step() {
    using Operation = void (PoolWalk::*)(Effects&);
    static constexpr Operation operations[] = {
        &PoolWalk::take,         &PoolWalk::enter,    &PoolWalk::enter,         &PoolWalk::enter,
        &PoolWalk::enter,        &PoolWalk::withdraw, &PoolWalk::collect,       &PoolWalk::collect,
        &PoolWalk::find_it_dead, &PoolWalk::keep,     &PoolWalk::keep,          &PoolWalk::keep,
        &PoolWalk::discard,      &PoolWalk::dialled,  &PoolWalk::dialled,       &PoolWalk::dial_failed,
        &PoolWalk::reserve,      &PoolWalk::pass,     &PoolWalk::close_expired, &PoolWalk::close_idle,
        &PoolWalk::look_closely, &PoolWalk::set_caps};
    perform(operations[choose_(std::size(operations))]);
  }

  /// Shuts down and ends everything: nothing may be left.
  void finish() {
    perform([this](Effects& effects) { pool_.shutdown(effects); });
    while (!model_.waiting.empty()) perform(&PoolWalk::withdraw);
    while (!model_.dials.empty()) perform(&PoolWalk::dialled);
    while (!model_.leased.empty()) perform(&PoolWalk::keep);
    require(model_.counted() == 0 && pool_.routes() == 0, "nothing is left at the end");
    require(std::ranges::count(model_.closed, false) == 0, "every connection was closed");
  }

 private:
  using IntPool = PoolModel::IntPool;
  using Effects = IntPool::Effects;
  using Slot = IntPool::Slot;
  using State = PoolModel::State;
  using Time = PoolModel::Time;

  PoolLimits choose_limits() const {
    return {.max_total = 1 + choose_(6),
            .max_per_route = 1 + choose_(4),
            .max_waiters = choose_(9),
            .max_routes = 1 + choose_(PoolModel::route_count),
            .reuse = choose_(2) == 0 ? Reuse::lifo : Reuse::fifo};
  }

  template <class Action>
  void perform(Action action) {
    Effects effects;
    if constexpr (std::is_member_function_pointer_v<Action>) {
      (this->*action)(effects);
    } else {
      action(effects);
    }
    model_.absorb(effects);
    model_.compare(pool_);
  }

  template <class T>
  T pull(std::vector<T>& from) {
    const auto at = from.begin() + static_cast<std::ptrdiff_t>(choose_(from.size()));
    T chosen = std::move(*at);
    from.erase(at);
    return chosen;
  }

  int new_connection() {
    model_.closed.push_back(false);
    return static_cast<int>(model_.closed.size() - 1);
  }

  /// What the pool ought to take, by the order that it was set up with.
  const PoolModel::Idle* expected(std::size_t route) const {
    const PoolModel::Idle* found = nullptr;
    for (const PoolModel::Idle& each : model_.idle) {
      if (each.route != route || each.expires <= model_.now) continue;
      if (found == nullptr || limits_.reuse == Reuse::lifo) found = &each;
    }
    return found;
  }

  void leave_idle(Slot* slot, std::size_t route, const PoolModel::Waiter* waiter) {
    std::erase_if(model_.idle, [&](const auto& each) { return each.connection == slot->connection(); });
    model_.leased.push_back({slot, slot->connection(), route, slot->generation(), waiter});
  }

  void take(Effects& effects) {
    const std::size_t route = choose_(model_.route_count);
    const PoolModel::Idle* const best = expected(route);
    Slot* const slot = pool_.take_idle(routes_[route], model_.now, effects);
    require((slot == nullptr) == (best == nullptr), "an idle connection is found");
    if (slot == nullptr) return;
    require(slot->connection() == best->connection, "the order of reuse");
    leave_idle(slot, route, nullptr);
  }

  void enter(Effects& effects) {
    admit(std::make_shared<IntPool::Waiter>(), choose_(model_.route_count), ++last_turn_, effects);
  }

  void admit(const IntPool::WaiterPtr& waiter, std::size_t route, std::uint64_t turn, Effects& effects) {
    const auto freshness = choose_(4) == 0 ? IntPool::Freshness::fresh : IntPool::Freshness::any;
    const PoolModel::Idle* const best =
        freshness == IntPool::Freshness::any && !pool_.is_shut_down() ? expected(route) : nullptr;
    const PoolStats before = pool_.stats();
    pool_.enter(waiter, routes_[route], freshness, model_.now, effects);
    require((waiter->state() == State::served) == (best != nullptr), "who can be served at once, is");
    if (waiter->state() == State::failed) return require_refusal(*waiter, before);
    model_.waiting.push_back({waiter, route, turn, waiter->state()});
    if (best != nullptr) leave_idle(waiter->slot(), route, waiter.get());
    if (waiter->state() == State::dialling) model_.dials.push_back({waiter->slot(), route, waiter.get()});
  }

  void require_refusal(const IntPool::Waiter& waiter, const PoolStats& before) const {
    if (waiter.error() == Error::too_many_waiters) {
      require(before.pending >= limits_.max_waiters, "there are too many waiters");
    } else {
      require(waiter.error() == Error::too_many_routes && pool_.routes() >= limits_.max_routes,
              "there are too many routes");
    }
  }

  void withdraw(Effects& effects) {
    if (model_.waiting.empty()) return;
    const PoolModel::Waiting leaving = pull(model_.waiting);
    const auto of_it = [&](const auto* waiter) { return waiter == leaving.waiter.get(); };
    if (leaving.state == State::served) {
      const auto given =
          std::ranges::find_if(model_.leased, [&](const auto& each) { return of_it(each.waiter); });
      model_.in_hand = {given->connection, given->route, given->slot->expires()};
      model_.leased.erase(given);
    }
    std::erase_if(model_.dials, [&](const auto& each) { return of_it(each.owner); });
    pool_.withdraw(*leaving.waiter, model_.now, effects);
    require(leaving.waiter->state() == State::idle, "who gives up waits no more");
    require(leaving.waiter.use_count() == 1, "who gives up leaves nothing behind");
  }

  /// A served waiter takes its connection. Returns what is now a lease like any other.
  std::optional<PoolModel::Waiting> collect_one() {
    for (const PoolModel::Waiting& each : model_.waiting) {
      if (each.state != State::served) continue;
      const PoolModel::Waiting served = each;
      Slot* const slot = pool_.collect(*served.waiter);
      for (PoolModel::Leased& lease : model_.leased) {
        if (lease.waiter != served.waiter.get()) continue;
        require(lease.slot == slot, "what was handed over is what is collected");
        lease.waiter = nullptr;
      }
      model_.forget(served.waiter.get());
      return served;
    }
    return std::nullopt;
  }

  void collect(Effects&) { collect_one(); }

  /// The connection that a waiter was given turns out to be dead, and it enters again.
  void find_it_dead(Effects& effects) {
    const auto served = collect_one();
    if (!served) return;
    const Slot* const slot = served->waiter->slot();
    const auto lease = std::ranges::find_if(model_.leased, [&](auto& each) { return each.slot == slot; });
    end(lease, CloseReason::stale, effects);
    model_.absorb(std::exchange(effects, {}));
    admit(served->waiter, served->route, served->turn, effects);
  }

  void end(std::vector<PoolModel::Leased>::iterator lease, CloseReason reason, Effects& effects) {
    const Time expires = model_.now + WalkClock::duration(choose_(20));
    model_.in_hand = {lease->connection, lease->route, expires};
    Slot& slot = *lease->slot;
    model_.leased.erase(lease);
    pool_.give_back(slot, reason, model_.now, expires, CloseReason::expired, effects);
  }

  void end_any(CloseReason reason, Effects& effects) {
    const auto held = [](const auto& each) { return each.waiter == nullptr; };
    const auto count = std::ranges::count_if(model_.leased, held);
    if (count == 0) return;
    auto lease = std::ranges::find_if(model_.leased, held);
    for (std::size_t skip = choose_(static_cast<std::size_t>(count)); skip > 0; --skip)
      lease = std::find_if(lease + 1, model_.leased.end(), held);
    end(lease, reason, effects);
  }

  void keep(Effects& effects) { end_any(CloseReason::none, effects); }
  void discard(Effects& effects) { end_any(CloseReason::io_error, effects); }

  void dialled(Effects& effects) {
    if (model_.dials.empty()) return;
    const PoolModel::Dialling dial = pull(model_.dials);
    const int connection = new_connection();
    const Time expires = model_.now + WalkClock::duration(choose_(20));
    if (dial.owner == nullptr) model_.in_hand = {connection, dial.route, expires};
    pool_.dialled(*dial.slot, connection, model_.now, expires, effects);
    if (dial.owner == nullptr) return;
    model_.entry_of(dial.owner).state = State::served;
    model_.leased.push_back({dial.slot, connection, dial.route, dial.slot->generation(), dial.owner});
  }

  void dial_failed(Effects& effects) {
    if (model_.dials.empty()) return;
    const PoolModel::Dialling dial = pull(model_.dials);
    pool_.dial_failed(*dial.slot, effects);
    if (dial.owner == nullptr) return;
    require(dial.owner->state() == State::idle, "a failed dial is its own waiter's");
    model_.forget(dial.owner);
  }

  void reserve(Effects&) {
    const std::size_t route = choose_(model_.route_count);
    if (Slot* const slot = pool_.reserve(routes_[route])) model_.dials.push_back({slot, route, nullptr});
  }

  void pass(Effects&) { model_.now += WalkClock::duration(1 + choose_(4)); }

  void close_expired(Effects& effects) {
    const auto due =
        std::ranges::count_if(model_.idle, [&](auto& each) { return each.expires <= model_.now; });
    require(pool_.close_expired(model_.now, effects) == static_cast<std::size_t>(due), "all expired go");
  }

  void close_idle(Effects& effects) {
    if (choose_(4) == 0) pool_.close_idle(model_.now - WalkClock::duration(choose_(20)), effects);
  }

  /// A reference to an idle connection, kept from earlier or made now, is leased by or closed.
  void look_closely(Effects& effects) {
    pool_.visit_idle([this](Slot& slot) { seen_ = {&slot, slot.generation()}; });
    if (seen_.slot == nullptr) return;
    const IntPool::IdleRef ref = choose_(2) == 0 ? seen_ : std::exchange(remembered_, seen_);
    if (ref.slot == nullptr) return;
    const bool same = ref.slot->state() == Slot::State::idle && ref.slot->generation() == ref.generation;
    if (choose_(2) == 0) {
      require(pool_.close_idle_one(ref, CloseReason::stale, effects) == same,
              "a late reference does nothing");
      return;
    }
    require(pool_.lease_idle(ref) == same, "a late reference does nothing");
    if (!same) return;
    const auto route = std::ranges::find(routes_, ref.slot->route()) - routes_.begin();
    leave_idle(ref.slot, static_cast<std::size_t>(route), nullptr);
  }

  void set_caps(Effects& effects) {
    const std::size_t what = choose_(12), cap = 1 + choose_(5), route = choose_(model_.route_count);
    if (what == 0) {
      pool_.set_max_total(model_.max_total = cap, effects);
    } else if (what == 1) {
      pool_.set_default_max_per_route(cap, effects);
      for (std::size_t each = 0; each < model_.route_count; ++each)
        if (!own_cap_[each]) model_.max_per_route[each] = cap;
    } else if (what == 2) {
      own_cap_[route] = true;
      pool_.set_max_per_route(routes_[route], model_.max_per_route[route] = cap, effects);
    }
  }

  Choose choose_;
  PoolLimits limits_;
  IntPool pool_;
  PoolModel model_;
  std::vector<HttpRoute> routes_;
  bool own_cap_[PoolModel::route_count] = {};
  std::uint64_t last_turn_ = 0;
  IntPool::IdleRef seen_{}, remembered_{};
};

}  // namespace headway::test
