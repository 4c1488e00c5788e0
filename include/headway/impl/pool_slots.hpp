// SPDX-License-Identifier: BSL-1.0
#pragma once

// How one of Pool's slots goes from state to state. Included by headway/impl/pool.hpp alone.

#include <headway/pool.hpp>

#include <algorithm>

namespace headway {

template <class C, class K>
auto Pool<C, K>::grant(RouteState& route, Waiter* dialler) -> Slot& {
  Slot* slot = nullptr;
  if (free_slots_.empty()) {
    slot = &slots_.emplace_back();
    if (free_slots_.capacity() < slots_.size())
      free_slots_.reserve(2 * slots_.size());  // freeing a place never does
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  slot->route_ = &route;
  slot->dialler_ = dialler;
  slot->state_ = Slot::State::connecting;
  ++route.counted;
  ++counted_;
  ++route.connecting;
  ++connecting_;
  if (dialler == nullptr) ++route.ownerless;
  return *slot;
}

template <class C, class K>
void Pool<C, K>::end_connecting(Slot& slot) noexcept {
  if (slot.dialler_ == nullptr) --slot.route_->ownerless;
  slot.dialler_ = nullptr;
  --slot.route_->connecting;
  --connecting_;
}

template <class C, class K>
void Pool<C, K>::release_place(Slot& slot) {
  --slot.route_->counted;
  --counted_;
  slot.route_ = nullptr;
  slot.state_ = Slot::State::free;
  ++slot.generation_;
  free_slots_.push_back(&slot);
}

template <class C, class K>
void Pool<C, K>::unlink_idle(Slot& slot) noexcept {
  slot.route_->idle.remove(slot);
  idle_.remove(slot);
}

template <class C, class K>
void Pool<C, K>::close_slot(Slot& slot, CloseReason reason, Effects& effects) {
  if (slot.state_ == Slot::State::idle) unlink_idle(slot);
  effects.closing.push_back({std::move(slot.connection_), reason});
  slot.connection_ = C{};
  release_place(slot);
}

template <class C, class K>
void Pool<C, K>::lease(Slot& slot) noexcept {
  slot.state_ = Slot::State::leased;
  ++slot.generation_;
}

template <class C, class K>
void Pool<C, K>::make_idle(Slot& slot, Time now, Time expires, CloseReason expiry_reason) {
  slot.state_ = Slot::State::idle;
  slot.idle_since_ = now;
  slot.expires_ = expires;
  slot.expiry_reason_ = expiry_reason;
  earliest_expiry_ = std::min(earliest_expiry_, expires);
  slot.route_->idle.push_back(slot);
  idle_.push_back(slot);
}

}  // namespace headway
