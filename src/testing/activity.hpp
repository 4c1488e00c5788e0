// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a test server has seen so far, and waiting for it to see more. All members may be called on any
// thread.

#include <headway/testing/patience.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace headway::testing {

class Activity {
 public:
  int accepted() const noexcept { return accepted_; }
  int open() const noexcept { return open_; }
  int closed() const noexcept { return closed_; }
  int peak_open() const noexcept { return peak_open_; }
  int requests() const noexcept { return requests_; }

  void count_accepted() {
    change([this] {
      ++accepted_;
      if (++open_ > peak_open_) peak_open_ = open_.load();
    });
  }
  void count_closed() {
    change([this] {
      ++closed_;
      --open_;
    });
  }
  void count_request() {
    change([this] { ++requests_; });
  }

  /// Looks at `predicate` after every change, under the lock, until it holds (true) or patience runs out.
  [[nodiscard]] bool wait_until(const std::function<bool()>& predicate) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, predicate);
  }

 private:
  template <class Change>
  void change(Change apply) {
    {
      std::lock_guard lock(mutex_);
      apply();
    }
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<int> accepted_ = 0, open_ = 0, closed_ = 0, peak_open_ = 0, requests_ = 0;
};

}  // namespace headway::testing
