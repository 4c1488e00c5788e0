// SPDX-License-Identifier: BSL-1.0
#pragma once

// Pool's upkeep: expiry, shutdown, caps, figures. Included by headway/impl/pool.hpp alone.

#include <headway/pool.hpp>

namespace headway {

template <class C, class K>
Pool<C, K>::~Pool() {
  routes_.for_each([this](RouteState& route) {
    while (!route.queue.empty()) leave_queue(*route.queue.front());
  });
}

template <class C, class K>
std::size_t Pool<C, K>::close_expired(Time now, Effects& effects) {
  std::size_t closed = 0;
  Time earliest = Time::max();
  for (Slot* slot = idle_.front(); slot != nullptr;) {
    Slot* const next = idle_.next(*slot);
    if (slot->expires_ <= now) {
      close_idle_one({slot, slot->generation_}, slot->expiry_reason_, effects);
      ++closed;
    } else {
      earliest = std::min(earliest, slot->expires_);
    }
    slot = next;
  }
  earliest_expiry_ = earliest;
  return closed;
}

template <class C, class K>
std::size_t Pool<C, K>::close_idle(Time since, Effects& effects) {
  std::size_t closed = 0;
  while (!idle_.empty() && idle_.front()->idle_since_ <= since) {
    Slot& slot = *idle_.front();
    close_idle_one({&slot, slot.generation_}, CloseReason::idle_limit, effects);
    ++closed;
  }
  return closed;
}

template <class C, class K>
bool Pool<C, K>::lease_idle(IdleRef ref) noexcept {
  Slot& slot = *ref.slot;
  if (slot.state_ != Slot::State::idle || slot.generation_ != ref.generation) return false;
  unlink_idle(slot);
  lease(slot);
  return true;
}

template <class C, class K>
void Pool<C, K>::put_back(Slot& slot, Time now, Effects& effects) {
  const Time since = slot.idle_since_;
  give_back(slot, CloseReason::none, now, slot.expires_, slot.expiry_reason_, effects);
  if (slot.state_ != Slot::State::idle) return;
  constexpr auto idle_longer = [](const Slot& one, const Slot& other) {
    return one.idle_since_ < other.idle_since_;
  };
  slot.idle_since_ = since;
  unlink_idle(slot);
  slot.route_->idle.insert(slot, idle_longer);
  idle_.insert(slot, idle_longer);
}

template <class C, class K>
bool Pool<C, K>::close_idle_one(IdleRef ref, CloseReason reason, Effects& effects) {
  Slot& slot = *ref.slot;
  if (slot.state_ != Slot::State::idle || slot.generation_ != ref.generation) return false;
  RouteState& route = *slot.route_;
  close_slot(slot, reason, effects);
  place_freed(route, effects);
  return true;
}

template <class C, class K>
auto Pool<C, K>::next_expiry() const -> std::optional<Time> {
  if (idle_.empty()) return std::nullopt;
  return earliest_expiry_;
}

template <class C, class K>
void Pool<C, K>::shutdown(Effects& effects) {
  shut_down_ = true;
  starving_.clear();
  while (!idle_.empty()) close_slot(*idle_.front(), CloseReason::shut_down, effects);
  routes_.erase_if([&](RouteState& route) {
    route.starving = 0;
    while (!route.queue.empty()) {
      Waiter& waiter = *route.queue.front();
      if (waiter.state_ == Waiter::State::dialling) {
        waiter.slot_->dialler_ = nullptr;
        ++route.ownerless;
      }
      effects.woken.push_back(leave_queue(waiter));
      fail(waiter, Error::pool_shut_down);
    }
    return route.counted == 0;
  });
}

template <class C, class K>
void Pool<C, K>::set_max_total(std::size_t max, Effects& effects) {
  limits_.max_total = max;
  while (counted_ > max && !idle_.empty()) {
    Slot& slot = *idle_.front();
    close_idle_one({&slot, slot.generation_}, CloseReason::over_capacity, effects);
  }
  serve_starving(effects);
}

template <class C, class K>
void Pool<C, K>::set_default_max_per_route(std::size_t max, Effects& effects) {
  limits_.max_per_route = max;
  std::vector<RouteState*> affected;
  routes_.for_each([&](RouteState& route) {
    if (!max_per_route_.contains(route.route)) affected.push_back(&route);
  });
  for (RouteState* route : affected) cap_route(*route, max, effects);
  serve_starving(effects);
}

template <class C, class K>
void Pool<C, K>::set_max_per_route(const HttpRoute& route, std::size_t max, Effects& effects) {
  max_per_route_.insert_or_assign(route, max);
  if (RouteState* known = routes_.find(route)) cap_route(*known, max, effects);
  serve_starving(effects);
}

/// Preconditions: the caller serves the starving afterwards. The route may be gone then.
template <class C, class K>
void Pool<C, K>::cap_route(RouteState& route, std::size_t max, Effects& effects) {
  route.max = max;
  while (route.counted > max && !route.idle.empty()) {
    close_slot(*route.idle.front(), CloseReason::over_capacity, effects);
  }
  settle(route);
  forget_if_unused(route);
}

template <class C, class K>
PoolStats Pool<C, K>::stats() const {
  return {.leased = counted_ - idle_.size() - connecting_,
          .available = idle_.size(),
          .pending = queued_,
          .max = limits_.max_total,
          .connecting = connecting_};
}

template <class C, class K>
PoolStats Pool<C, K>::stats(const HttpRoute& route) const {
  const RouteState* const known = routes_.find(route);
  if (known == nullptr) return {.max = max_of(route)};
  const RouteState& state = *known;
  return {.leased = state.counted - state.idle.size() - state.connecting,
          .available = state.idle.size(),
          .pending = state.queued.size(),
          .max = state.max,
          .connecting = state.connecting};
}

template <class C, class K>
bool Pool<C, K>::check(const RouteState& route) const {
  std::size_t ownerless = 0;
  for (const Slot& slot : slots_) {
    if (slot.route_ == &route && slot.state_ == Slot::State::connecting && slot.dialler_ == nullptr)
      ++ownerless;
  }
  if (ownerless != route.ownerless || route.queued.size() > route.queue.size()) return false;
  if (route.counted == 0 && route.queue.empty()) return false;  // it ought to be forgotten
  // A connection and somebody who would take it; who wants a fresh one dials beside it.
  if (!route.idle.empty() && !route.queued.empty()) return false;
  const bool starves = !shut_down_ && route.counted < route.max && route.queued.size() > ownerless;
  return starves == (route.starving != 0) && routes_.find(route.route) == &route;
}

template <class C, class K>
bool Pool<C, K>::check() const {
  std::size_t idle = 0, connecting = 0, counted = 0, queued = 0, starving = 0;
  for (const Slot& slot : slots_) {
    counted += slot.state_ != Slot::State::free;
    idle += slot.state_ == Slot::State::idle;
    connecting += slot.state_ == Slot::State::connecting;
  }
  if (counted != counted_ || idle != idle_.size() || connecting != connecting_) return false;
  std::size_t counted_by_route = 0, idle_by_route = 0;
  bool good = true;
  routes_.for_each([&](const RouteState& route) {
    counted_by_route += route.counted;
    idle_by_route += route.idle.size();
    queued += route.queued.size();
    starving += route.starving != 0;
    good = good && check(route);
  });
  const bool place_unused = !starving_.empty() && (counted_ < limits_.max_total || !idle_.empty());
  return counted_by_route == counted_ && idle_by_route == idle && queued == queued_ &&
         starving == starving_.size() && !place_unused && good;
}

}  // namespace headway
