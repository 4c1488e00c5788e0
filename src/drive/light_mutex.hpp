// SPDX-License-Identifier: BSL-1.0
#pragma once

// A mutex for short sections that every request passes and where two threads hardly ever meet, such as those
// of one socket: taken and given back inline, by one atomic operation each. std::mutex makes two calls into
// the system's library for that, each of which asks for the kind of mutex first; where threads do meet it is
// the faster one.

#include <atomic>

namespace headway::drive {

/// A BasicLockable; not recursive.
class LightMutex {
 public:
  LightMutex() = default;
  LightMutex(const LightMutex&) = delete;
  LightMutex& operator=(const LightMutex&) = delete;

  void lock() noexcept {
    int was = unlocked;
    if (!state_.compare_exchange_strong(was, locked, std::memory_order_acquire, std::memory_order_relaxed))
        [[unlikely]]
      wait();
  }
  void unlock() noexcept {
    if (state_.exchange(unlocked, std::memory_order_release) == wanted) [[unlikely]]
      state_.notify_one();
  }

 private:
  /// `wanted`: it is locked, and somebody may sleep until it is not.
  enum State : int { unlocked, locked, wanted };

  // Whoever comes out of here cannot know whether more are asleep, so it leaves `wanted` behind.
  [[gnu::noinline]] void wait() noexcept {
    while (state_.exchange(wanted, std::memory_order_acquire) != unlocked) {
      state_.wait(wanted, std::memory_order_relaxed);
    }
  }

  std::atomic<int> state_ = unlocked;
};

}  // namespace headway::drive
