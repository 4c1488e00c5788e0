// SPDX-License-Identifier: BSL-1.0
#pragma once

// For what another thread will bring about soon and tells nobody.

#include <headway/testing/patience.hpp>

#include <chrono>
#include <thread>

namespace headway::testing {

/// Looks again and again until `holds()` is true; false where patience runs out first.
template <class Predicate>
[[nodiscard]] bool eventually(Predicate holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace headway::testing
