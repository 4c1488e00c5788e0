// SPDX-License-Identifier: BSL-1.0
#include <headway/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, stands_still_until_it_is_moved) {
  ManualClock clock;
  const TimePoint start = clock.now();
  EXPECT_EQ(clock.now(), start);
  clock.advance(90s);
  clock.advance(1ns);
  EXPECT_EQ(clock.now(), start + 90s + 1ns);
}

TEST(ManualClock, tells_those_who_listen_and_nobody_else) {
  ManualClock clock;
  int mine = 0, yours = 0;
  TimePoint seen;
  clock.subscribe(&mine, [&] {
    ++mine;
    seen = clock.now();
  });
  clock.subscribe(&yours, [&] { ++yours; });
  clock.advance(1s);
  clock.unsubscribe(&yours);
  clock.advance(1s);
  EXPECT_EQ(mine, 2);
  EXPECT_EQ(yours, 1);
  EXPECT_EQ(seen, clock.now());
}

}  // namespace
}  // namespace headway::testing
