// SPDX-License-Identifier: BSL-1.0
#pragma once

// A one-way flag that one operation waits for and any thread sets: a pool's grant, a finished look-up.

#include <atomic>
#include <mutex>

namespace headway::detail {

/// Told when a signal is set. Called under the signal's own lock, so it may only wake somebody up.
class SignalObserver {
 public:
  virtual void on_signal() noexcept = 0;

 protected:
  ~SignalObserver() = default;
};

class Signal {
 public:
  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  /// Any thread; more than once is as good as once. The signal must live until the call has returned.
  void set() noexcept {
    std::lock_guard lock(mutex_);
    set_.store(true, std::memory_order_release);
    if (observer_ != nullptr) observer_->on_signal();
  }

  bool is_set() const noexcept { return set_.load(std::memory_order_acquire); }

  /// For the one who waits. Reset first, then look at what the signal tells about: a `set` after that look is
  /// not lost.
  void reset() noexcept { set_.store(false, std::memory_order_release); }

  /// False where it is set already: the observer is not called then.
  bool observe(SignalObserver& observer) noexcept {
    std::lock_guard lock(mutex_);
    if (is_set()) return false;
    observer_ = &observer;
    return true;
  }

  /// After it has returned the observer is not called any more.
  void ignore() noexcept {
    std::lock_guard lock(mutex_);
    observer_ = nullptr;
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> set_{false};
  SignalObserver* observer_ = nullptr;
};

}  // namespace headway::detail
