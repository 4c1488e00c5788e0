// SPDX-License-Identifier: BSL-1.0
#include "src/connect/attempt_schedule.hpp"

#include <gtest/gtest.h>

namespace headway::connect {
namespace {

using namespace std::chrono_literals;

class AttemptScheduleTest : public ::testing::Test {
 protected:
  AttemptSchedule schedule{3, 250ms};
  TimePoint now{1h};
};

TEST_F(AttemptScheduleTest, begins_with_the_first_and_gives_it_its_time) {  // pool rule 54
  ASSERT_TRUE(schedule.is_due(now));
  EXPECT_EQ(schedule.begin(now), 0);
  EXPECT_FALSE(schedule.is_due(now + 249ms));
  EXPECT_EQ(schedule.next_start(), now + 250ms);
  EXPECT_TRUE(schedule.is_due(now + 250ms));
}

TEST_F(AttemptScheduleTest, begins_each_further_one_a_delay_later) {  // pool rule 54
  schedule.begin(now);
  EXPECT_EQ(schedule.begin(now + 250ms), 1);
  EXPECT_EQ(schedule.next_start(), now + 500ms);
  EXPECT_EQ(schedule.begin(now + 500ms), 2);
  EXPECT_EQ(schedule.next_start(), never);
  EXPECT_FALSE(schedule.is_due(never));
}

TEST_F(AttemptScheduleTest, begins_the_next_at_once_where_one_fails) {  // pool rule 54
  schedule.begin(now);
  schedule.fail(now + 1ms);
  EXPECT_TRUE(schedule.is_due(now + 1ms));
  schedule.begin(now + 1ms);
  schedule.begin(now + 251ms);
  EXPECT_FALSE(schedule.is_over());
}

TEST_F(AttemptScheduleTest, is_over_once_all_have_failed) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(schedule.is_over());
    schedule.begin(now);
    schedule.fail(now);
  }
  EXPECT_TRUE(schedule.is_over());
}

TEST(AttemptSchedule, without_a_limit_waits_for_the_one_before_to_fail) {  // scenario 129: one after another
  AttemptSchedule schedule(2, unlimited);
  const TimePoint now{1h};
  schedule.begin(now);
  EXPECT_EQ(schedule.next_start(), never);
  schedule.fail(now + 5s);
  EXPECT_TRUE(schedule.is_due(now + 5s));
}

}  // namespace
}  // namespace headway::connect
