// SPDX-License-Identifier: BSL-1.0
#pragma once

// Holds threads at a point until the test lets them go on: a server that answers only when it is told to.
// Owned by the test, shared with any number of handlers; thread-safe.

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace headway::testing {

/// Once open it stays open, so whoever comes later passes straight through. It must outlive whoever waits.
class Gate {
 public:
  void open();

  /// Returns whether the gate was opened: false if `stop` was requested or `patience` ran out first. A
  /// handler of a LoopbackServer calls Peer::wait_for instead, which ends when the server does.
  bool wait(std::stop_token stop = {});

  /// Returns whether `count` calls of `wait` had begun before `patience` ran out.
  [[nodiscard]] bool wait_for_arrivals(int count);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool open_ = false;
  int arrivals_ = 0;
};

}  // namespace headway::testing
