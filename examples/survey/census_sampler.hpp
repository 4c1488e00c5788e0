// SPDX-License-Identifier: BSL-1.0
#pragma once

// Takes a census again and again on a thread of its own and keeps the highest count of each state.

#include "survey/socket_baseline.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace survey {

/// The destructor ends the thread at once, whatever the interval.
class CensusSampler {
 public:
  /// What `baseline` holds is not counted.
  CensusSampler(std::vector<Endpoint> servers, std::chrono::milliseconds interval,
                SocketBaseline baseline = {});
  CensusSampler(const CensusSampler&) = delete;
  CensusSampler& operator=(const CensusSampler&) = delete;

  /// Any thread. Takes one more census, so that what is there now is in it. Throws as list_sockets() does.
  Census peak();
  /// How many censuses were taken. Any thread.
  int taken() const noexcept { return taken_; }

 private:
  void run(std::stop_token stop);
  void sample();

  std::vector<Endpoint> servers_;
  std::chrono::milliseconds interval_;
  SocketBaseline baseline_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  Census peak_;
  std::atomic<int> taken_ = 0;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace survey
