// SPDX-License-Identifier: BSL-1.0
#pragma once

// How long requests took. One thread at a time.

#include <chrono>
#include <cstddef>
#include <vector>

namespace survey {

class Latency {
 public:
  using Duration = std::chrono::nanoseconds;

  void add(Duration duration) { samples_.push_back(duration); }
  /// Adds what another thread collected.
  void merge(const Latency& other);

  std::size_t count() const { return samples_.size(); }
  bool empty() const { return samples_.empty(); }

  /// The smallest sample that at least `percent` of a hundred samples do not exceed (nearest rank). 0 where
  /// there is no sample. Preconditions: 0 <= percent <= 100.
  Duration percentile(double percent) const;
  Duration min() const { return percentile(0); }
  Duration p50() const { return percentile(50); }
  Duration p95() const { return percentile(95); }
  Duration p99() const { return percentile(99); }
  Duration max() const { return percentile(100); }

 private:
  std::vector<Duration> samples_;
};

inline double to_milliseconds(Latency::Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace survey
