// SPDX-License-Identifier: BSL-1.0
#pragma once

// Keeps this thread, and the programs that it starts, on one processor: there nothing that is sent over
// loopback overtakes anything, and each client that closes first is left in TIME_WAIT (closes_last.hpp).

#include <sched.h>

#include <cerrno>
#include <system_error>

namespace survey {

class OneProcessor {
 public:
  /// Throws std::system_error.
  OneProcessor() {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) fail("sched_getaffinity");
    int first = 0;
    while (!CPU_ISSET(first, &before_)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    if (::sched_setaffinity(0, sizeof one, &one) != 0) fail("sched_setaffinity");
  }
  ~OneProcessor() { ::sched_setaffinity(0, sizeof before_, &before_); }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;

 private:
  [[noreturn]] static void fail(const char* what) {
    throw std::system_error(errno, std::system_category(), what);
  }

  cpu_set_t before_;
};

}  // namespace survey
