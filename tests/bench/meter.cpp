// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/meter.hpp"

#include "tests/bench/counts.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

namespace headway::bench {
namespace {

long status_field(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long value = 0;
    if (word == name && status >> value) return value;
  }
  throw std::runtime_error("/proc/self/status has no " + name);
}

double microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

}  // namespace

long peak_memory() { return status_field("VmHWM:"); }
long memory() { return status_field("VmRSS:"); }

Meter::Meter() : allocations_(allocations()) {
  ::getrusage(RUSAGE_SELF, &usage_);
  start_ = std::chrono::steady_clock::now();
}

Cost Meter::each_of(int requests) const {
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - start_;
  rusage now{};
  ::getrusage(RUSAGE_SELF, &now);
  return {.wall = wall.count() / requests,
          .user = (microseconds(now.ru_utime) - microseconds(usage_.ru_utime)) / requests,
          .system = (microseconds(now.ru_stime) - microseconds(usage_.ru_stime)) / requests,
          .allocations = static_cast<double>(allocations() - allocations_) / requests};
}

}  // namespace headway::bench
