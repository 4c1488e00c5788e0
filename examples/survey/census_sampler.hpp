// SPDX-License-Identifier: BSL-1.0
#pragma once

// Takes a census again and again on a thread of its own and keeps the highest count of each state.

#include "survey/socket_census.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace survey {

/// Counts what was not there `before`, as take() does. The destructor ends the thread at once, whatever the
/// interval.
class CensusSampler {
 public:
  CensusSampler(std::vector<Endpoint> servers, std::chrono::milliseconds interval,
                std::vector<Socket> before = {});
  CensusSampler(const CensusSampler&) = delete;
  CensusSampler& operator=(const CensusSampler&) = delete;

  /// Any thread. Takes one more census, so that what is there now is in it. Throws as take() does.
  Census peak();
  /// How many censuses were taken. Any thread.
  int taken() const noexcept { return taken_; }

 private:
  void run(std::stop_token stop);
  void sample();

  std::vector<Endpoint> servers_;
  std::vector<Socket> before_;
  std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  Census peak_;
  std::atomic<int> taken_ = 0;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace survey
