// SPDX-License-Identifier: BSL-1.0
#include "src/drive/light_mutex.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

namespace headway::drive {
namespace {

// Sections that last beyond what a waiting thread spins for put it to sleep; the last ones to come out of it
// have nobody to wake them up but each other.
TEST(LightMutex, lets_one_thread_in_at_a_time_and_forgets_none_that_sleep) {
  constexpr int threads = 8, sections = 2'000;
  LightMutex mutex;
  int inside = 0, most_inside = 0, done = 0;
  const auto enter = [&] {
    for (int i = 0; i < sections; ++i) {
      const std::lock_guard lock(mutex);
      most_inside = std::max(most_inside, ++inside);
      if (i % 8 == 0) std::this_thread::yield();
      --inside;
      ++done;
    }
  };
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back(enter);
  }
  EXPECT_EQ(done, threads * sections);
  EXPECT_EQ(most_inside, 1);
}

}  // namespace
}  // namespace headway::drive
