// SPDX-License-Identifier: BSL-1.0
#pragma once

// Time that stands still until a test moves it. Thread-safe.

#include <headway/time.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace headway::testing {

class ManualClock final : public Clock {
 public:
  TimePoint now() const noexcept override { return TimePoint(MonotonicClock::duration(now_)); }

  void subscribe(const void* key, std::function<void()> listener) override {
    std::lock_guard lock(mutex_);
    listeners_[key] = std::move(listener);
  }

  void unsubscribe(const void* key) noexcept override {
    std::lock_guard lock(mutex_);
    listeners_.erase(key);
  }

  /// The listeners are called before it returns, on this thread; they must not (un)subscribe.
  void advance(MonotonicClock::duration by) {
    now_ += by.count();
    std::lock_guard lock(mutex_);
    for (const auto& [key, listener] : listeners_) listener();
  }

 private:
  // An hour after the epoch, so that a test may look back.
  std::atomic<MonotonicClock::rep> now_ = MonotonicClock::duration(std::chrono::hours(1)).count();
  std::mutex mutex_;
  std::map<const void*, std::function<void()>> listeners_;
};

}  // namespace headway::testing
