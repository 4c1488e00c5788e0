// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/meter.hpp"

#include <atomic>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

namespace {

// One for each of the few threads would cost more than the sharing does.
std::atomic<std::uint64_t> allocated{0};

void count() noexcept { allocated.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

// glibc lets a program define these; libraries written in C are counted alike.
extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;

void* malloc(std::size_t size) noexcept {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) noexcept {
  count();
  return __libc_calloc(number, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  count();
  return __libc_realloc(memory, size);
}
}

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

std::uint64_t allocations() noexcept { return allocated.load(std::memory_order_relaxed); }
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
