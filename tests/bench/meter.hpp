// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a stretch of this process's life cost. Use on one thread.

#include <sys/resource.h>

#include <chrono>
#include <cstdint>

namespace headway::bench {

/// KiB that the process has had in memory at most, and has now. Throws std::runtime_error without /proc.
long peak_memory();
long memory();

/// Of one request.
struct Cost {
  double wall = 0;         ///< microseconds
  double user = 0;         ///< microseconds of processor time
  double system = 0;       ///< the same in the kernel
  double allocations = 0;  ///< heap allocations
  double peak = 0;         ///< KiB that the peer took at most, in all
};

class Meter {
 public:
  Meter();
  /// Since the construction, for each of so many requests; `peak` is left at 0.
  Cost each_of(int requests) const;

 private:
  rusage usage_{};
  std::uint64_t allocations_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace headway::bench
