// SPDX-License-Identifier: BSL-1.0

#include <headway/time.hpp>

#include <gtest/gtest.h>

#include <time.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

TimePoint boot_time() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

TEST(SystemClock, shows_the_time_since_boot_suspension_included) {  // pool rule 37
  const TimePoint before = boot_time();
  const TimePoint now = system_clock().now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, boot_time());
}

TEST(SystemClock, never_steps_back) {
  TimePoint last = MonotonicClock::now();
  for (int i = 0; i < 10'000; ++i) {
    const TimePoint now = MonotonicClock::now();
    ASSERT_LE(last, now);
    last = now;
  }
}

TEST(SystemClock, is_one_for_all) { EXPECT_EQ(&system_clock(), &system_clock()); }

TEST(SystemClock, never_calls_a_listener) {
  int key = 0, calls = 0;
  system_clock().subscribe(&key, [&calls] { ++calls; });
  system_clock().now();
  system_clock().unsubscribe(&key);
  system_clock().unsubscribe(&key);
  EXPECT_EQ(calls, 0);
}

TEST(After, adds_without_overflow) {
  const TimePoint start{5s};
  EXPECT_EQ(after(start, 0ms), start);
  EXPECT_EQ(after(start, 1500ms), start + 1500ms);
  EXPECT_EQ(after(start, unlimited), never);
  EXPECT_EQ(after(start, unlimited - 1ms), never);
  EXPECT_EQ(after(never, 0ms), never);
  EXPECT_EQ(after(never, 1ms), never);
  const Duration largest = std::chrono::duration_cast<Duration>(never - start);
  EXPECT_LE(after(start, largest), never);
  EXPECT_GT(after(start, largest), start);
  EXPECT_EQ(after(start, largest + 1ms), never);
}

TEST(Before, subtracts_without_overflow) {
  const TimePoint end{5s};
  EXPECT_EQ(before(end, 0ms), end);
  EXPECT_EQ(before(end, 1500ms), end - 1500ms);
  EXPECT_EQ(before(end, 5s), TimePoint{});
  EXPECT_EQ(before(end, 5001ms), TimePoint::min());
  EXPECT_EQ(before(end, unlimited), TimePoint::min());
}

}  // namespace
}  // namespace headway
