// SPDX-License-Identifier: BSL-1.0
#pragma once

// Holds a thread at a point until the test lets it go on. Shared by the test and any number of handlers.

#include "tests/support/waiting.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace headway::testing {

/// Once open it stays open, so whoever comes later passes straight through.
class Gate {
 public:
  void open() {
    {
      std::lock_guard lock(mutex_);
      open_ = true;
    }
    changed_.notify_all();
  }

  /// Returns whether the gate was opened: false if `stop` was requested or patience ran out first.
  bool wait(std::stop_token stop = {}) {
    std::unique_lock lock(mutex_);
    ++arrivals_;
    changed_.notify_all();
    return changed_.wait_for(lock, stop, patience, [this] { return open_; });
  }

  /// Returns whether `count` calls of wait() had begun before patience ran out.
  [[nodiscard]] bool wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return arrivals_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool open_ = false;
  int arrivals_ = 0;
};

}  // namespace headway::testing
