// SPDX-License-Identifier: BSL-1.0
#pragma once

// Time that stands still until a test moves it. Owned by the test; thread-safe.

#include <headway/time.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

namespace headway::testing {

/// For a pool of `make_pool`, so that hours of keep-alive, time to live and timeouts pass at once. It must
/// outlive every pool that was given it, and their leases.
class ManualClock final : public Clock {
 public:
  TimePoint now() const noexcept override;
  bool runs_by_itself() const noexcept override { return false; }

  /// Moves the time. `by` must not be negative. Whoever is waiting for a moment is told before it returns, on
  /// this thread.
  void advance(MonotonicClock::duration by);

  /// For the library: listeners are called by `advance`, and must neither subscribe nor unsubscribe there.
  void subscribe(const void* key, std::function<void()> listener) override;
  void unsubscribe(const void* key) noexcept override;

 private:
  // An hour after the epoch, so that a test may look back.
  std::atomic<MonotonicClock::rep> now_ = MonotonicClock::duration(std::chrono::hours(1)).count();
  std::mutex mutex_;
  std::map<const void*, std::function<void()>> listeners_;
};

}  // namespace headway::testing
