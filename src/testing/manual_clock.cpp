// SPDX-License-Identifier: BSL-1.0
#include <headway/testing/manual_clock.hpp>

#include <utility>

namespace headway::testing {

TimePoint ManualClock::now() const noexcept { return TimePoint(MonotonicClock::duration(now_)); }

void ManualClock::advance(MonotonicClock::duration by) {
  now_ += by.count();
  std::lock_guard lock(mutex_);
  for (const auto& [key, listener] : listeners_) listener();
}

void ManualClock::subscribe(const void* key, std::function<void()> listener) {
  std::lock_guard lock(mutex_);
  listeners_[key] = std::move(listener);
}

void ManualClock::unsubscribe(const void* key) noexcept {
  std::lock_guard lock(mutex_);
  listeners_.erase(key);
}

}  // namespace headway::testing
