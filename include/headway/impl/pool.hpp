// SPDX-License-Identifier: BSL-1.0
#pragma once

// Pool's leasing; see headway/pool.hpp for the theory. Included by it alone.

#include <headway/pool.hpp>

#include <algorithm>

namespace headway {

template <class C, class K>
auto Pool<C, K>::find_or_create(const HttpRoute& route) -> RouteState* {
  if (RouteState* known = routes_.find(route)) return known;
  if (routes_.size() >= limits_.max_routes) return nullptr;
  return &routes_.add(std::make_unique<RouteState>(route, max_of(route)));
}

template <class C, class K>
std::size_t Pool<C, K>::max_of(const HttpRoute& route) const {
  const auto own = max_per_route_.find(route);
  return own == max_per_route_.end() ? limits_.max_per_route : own->second;
}

template <class C, class K>
void Pool<C, K>::forget_if_unused(RouteState& route) {
  if (route.counted != 0 || !route.queue.empty()) return;
  routes_.erase(route);
}

// --- leasing
// ----------------------------------------------------------------------------------------------------------

template <class C, class K>
auto Pool<C, K>::take_idle(const HttpRoute& route, Time now, Effects& effects) -> Slot* {
  RouteState* const known = routes_.find(route);
  if (known == nullptr) return nullptr;
  while (!known->idle.empty()) {
    Slot& slot = limits_.reuse == Reuse::lifo ? *known->idle.back() : *known->idle.front();
    if (slot.expires_ > now) {
      detail::prefetch(slot.connection_);
      unlink_idle(slot);
      lease(slot);
      return &slot;
    }
    close_slot(slot, slot.expiry_reason_, effects);
  }
  forget_if_unused(*known);
  return nullptr;
}

template <class C, class K>
void Pool<C, K>::enter(const WaiterPtr& waiter, const HttpRoute& route, Freshness freshness, Time now,
                       Effects& effects) {
  constexpr auto by_turn = [](const Waiter& one, const Waiter& other) { return one.ticket_ < other.ticket_; };
  Waiter& w = *waiter;
  if (shut_down_) return fail(w, Error::pool_shut_down);
  const bool again = w.ticket_ != 0;
  if (!again) w.ticket_ = ++last_ticket_;
  if (freshness == Freshness::any) {
    if (Slot* slot = take_idle(route, now, effects)) {
      w.slot_ = slot;
      w.state_ = Waiter::State::served;
      return;
    }
  }
  RouteState* const known = find_or_create(route);
  if (known == nullptr) return fail(w, Error::too_many_routes);
  w.route_ = known;
  if (freshness == Freshness::fresh && known->counted >= known->max && !known->idle.empty()) {
    close_slot(*known->idle.front(), CloseReason::replaced, effects);
  }
  w.self_ = waiter;
  // Before room is made, so that the route is not forgotten meanwhile.
  known->queue.insert(w, by_turn);
  const bool dial_to_come =
      freshness == Freshness::any && known->ownerless > known->queued.size() && queued_ < limits_.max_waiters;
  if (!dial_to_come && known->counted < known->max && make_room(effects)) {
    start_dial(*known, w);
  } else if (!again && queued_ >= limits_.max_waiters) {
    leave_queue(w);
    fail(w, Error::too_many_waiters);
    forget_if_unused(*known);
  } else {
    w.state_ = Waiter::State::queued;
    known->queued.insert(w, by_turn);
    ++queued_;
    settle(*known);
  }
}

template <class C, class K>
void Pool<C, K>::start_dial(RouteState& route, Waiter& waiter) {
  waiter.slot_ = &grant(route, &waiter);
  waiter.state_ = Waiter::State::dialling;
}

template <class C, class K>
void Pool<C, K>::fail(Waiter& waiter, Error error) noexcept {
  waiter.state_ = Waiter::State::failed;
  waiter.error_ = error;
  waiter.slot_ = nullptr;
}

template <class C, class K>
auto Pool<C, K>::leave_queue(Waiter& waiter) -> WaiterPtr {
  RouteState& route = *waiter.route_;
  route.queue.remove(waiter);
  if (Queued::contains(waiter)) {
    route.queued.remove(waiter);
    --queued_;
  }
  return std::move(waiter.self_);
}

template <class C, class K>
void Pool<C, K>::withdraw(Waiter& waiter, Time now, Effects& effects) {
  const auto was = std::exchange(waiter.state_, Waiter::State::idle);
  if (was == Waiter::State::queued) {
    RouteState& route = *waiter.route_;
    leave_queue(waiter);
    place_freed(route, effects);
  } else if (was == Waiter::State::dialling) {
    dial_failed(*waiter.slot_, effects);
  } else if (was == Waiter::State::served) {
    Slot& slot = *waiter.slot_;
    give_back(slot, CloseReason::none, now, slot.expires_, slot.expiry_reason_, effects);
  }
}

template <class C, class K>
auto Pool<C, K>::collect(Waiter& waiter) noexcept -> Slot* {
  waiter.state_ = Waiter::State::idle;
  return waiter.slot_;
}

template <class C, class K>
auto Pool<C, K>::reserve(const HttpRoute& route) -> Slot* {
  if (shut_down_ || counted_ >= limits_.max_total) return nullptr;
  RouteState* const known = find_or_create(route);
  if (known == nullptr || known->counted >= known->max) return nullptr;
  return &grant(*known, nullptr);
}

template <class C, class K>
void Pool<C, K>::dialled(Slot& slot, C connection, Time now, Time expires, Effects& effects) {
  RouteState& route = *slot.route_;
  Waiter* const owner = slot.dialler_;
  end_connecting(slot);
  slot.connection_ = std::move(connection);
  slot.expires_ = expires;
  slot.expiry_reason_ = CloseReason::expired;
  lease(slot);
  if (owner == nullptr) {
    give_back(slot, CloseReason::none, now, expires, CloseReason::expired, effects);
    return;
  }
  const WaiterPtr alive = leave_queue(*owner);
  owner->state_ = Waiter::State::served;
  settle(route);
  serve_starving(effects);
}

template <class C, class K>
void Pool<C, K>::dial_failed(Slot& slot, Effects& effects) {
  RouteState& route = *slot.route_;
  if (Waiter* const owner = slot.dialler_) {
    const WaiterPtr alive = leave_queue(*owner);
    owner->state_ = Waiter::State::idle;
  }
  end_connecting(slot);
  release_place(slot);
  place_freed(route, effects);
}

template <class C, class K>
void Pool<C, K>::give_back(Slot& slot, CloseReason reason, Time now, Time expires, CloseReason expiry_reason,
                           Effects& effects) {
  RouteState& route = *slot.route_;
  slot.expires_ = expires;
  slot.expiry_reason_ = expiry_reason;
  if (reason == CloseReason::none) {
    if (shut_down_) {
      reason = CloseReason::shut_down;
    } else if (expires <= now) {
      reason = expiry_reason;
    } else if (route.counted > route.max || counted_ > limits_.max_total) {
      reason = CloseReason::over_capacity;
    } else if (older_waits_elsewhere(route)) {
      reason = CloseReason::evicted;
    }
  }
  if (reason != CloseReason::none) {
    close_slot(slot, reason, effects);
    place_freed(route, effects);
  } else if (!route.queue.empty()) {
    hand_over(slot, route, effects);
  } else {
    make_idle(slot, now, expires, expiry_reason);
  }
}

/// The first waiter of the route gets the connection. If he was dialling, that dial goes on for whoever comes
/// next.
template <class C, class K>
void Pool<C, K>::hand_over(Slot& slot, RouteState& route, Effects& effects) {
  Waiter& first = *route.queue.front();
  if (first.state_ == Waiter::State::dialling) {
    first.slot_->dialler_ = nullptr;
    ++route.ownerless;
  }
  effects.woken.push_back(leave_queue(first));
  first.state_ = Waiter::State::served;
  first.slot_ = &slot;
  lease(slot);
  settle(route);
}

template <class C, class K>
bool Pool<C, K>::older_waits_elsewhere(const RouteState& route) const noexcept {
  if (starving_.empty() || starving_.begin()->second == &route || counted_ < limits_.max_total) return false;
  return route.queue.empty() || starving_.begin()->first < route.queue.front()->ticket_;
}

/// Enters the route among the starving ones, or removes it, as its queue now stands.
template <class C, class K>
void Pool<C, K>::settle(RouteState& route) {
  const bool starves = !shut_down_ && route.counted < route.max && route.queued.size() > route.ownerless;
  const std::uint64_t ticket = starves ? route.queued.front()->ticket_ : 0;
  if (ticket == route.starving) return;
  if (route.starving != 0) starving_.erase({route.starving, &route});
  if (ticket != 0) starving_.insert({ticket, &route});
  route.starving = ticket;
}

template <class C, class K>
void Pool<C, K>::serve_starving(Effects& effects) {
  while (!starving_.empty() && make_room(effects)) {
    RouteState& route = *starving_.begin()->second;
    Waiter& first = *route.queued.front();
    route.queued.remove(first);
    --queued_;
    start_dial(route, first);
    effects.woken.push_back(first.self_);
    settle(route);
  }
}

template <class C, class K>
void Pool<C, K>::place_freed(RouteState& route, Effects& effects) {
  settle(route);
  serve_starving(effects);
  forget_if_unused(route);
}

/// Whether one more connection may be opened under the total cap, at the cost of the least recently used idle
/// one if need be.
template <class C, class K>
bool Pool<C, K>::make_room(Effects& effects) {
  if (counted_ >= limits_.max_total && !idle_.empty()) {
    Slot& oldest = *idle_.front();
    RouteState& route = *oldest.route_;
    close_slot(oldest, CloseReason::evicted, effects);
    forget_if_unused(route);
  }
  return counted_ < limits_.max_total;
}

}  // namespace headway

#include <headway/impl/pool_slots.hpp>   // IWYU pragma: keep
#include <headway/impl/pool_upkeep.hpp>  // IWYU pragma: keep
