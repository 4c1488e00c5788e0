// SPDX-License-Identifier: BSL-1.0
#include "src/connect/dial.hpp"

#include "tests/support/op_script.hpp"
#include "tests/support/scripted_connector.hpp"

#include <gtest/gtest.h>

namespace headway::connect {
namespace {

using namespace std::chrono_literals;
using Driving = testing::OpScript<Dial::Driven>;

class DialTest : public ::testing::Test {
 protected:
  testing::ManualClock clock;
  testing::ScriptedConnector connector;
  Dial dial{connector, HttpRoute{"http", "a.test", 80}, {10s, 10s}, clock};
  detail::Signal interrupt;
};

TEST_F(DialTest, is_driven_to_its_end) {
  Driving driving(dial.drive(&interrupt, never), clock);
  driving.wants_signal(Phase::connect, 10s);
  connector.dial(0).succeed();
  ASSERT_TRUE(driving.run_signalled().done());
  EXPECT_EQ(driving.result(), Dial::Driven::done);
  EXPECT_TRUE(dial.take().transport);
}

TEST_F(DialTest, can_be_handed_over_half_way_and_moved) {
  Driving first(dial.drive(&interrupt, never), clock);
  clock.advance(4s);
  interrupt.set();
  ASSERT_TRUE(first.run_signalled().done());
  EXPECT_EQ(first.result(), Dial::Driven::interrupted);
  EXPECT_FALSE(connector.dial(0).dropped());
  Dial moved = std::move(dial);
  Driving second(moved.drive(nullptr, never), clock);
  second.wants_signal(Phase::connect, 6s);  // its time goes on
  connector.dial(0).succeed();
  ASSERT_TRUE(second.run_signalled().done());
  EXPECT_EQ(second.result(), Dial::Driven::done);
  EXPECT_TRUE(moved.take().transport);
}

TEST_F(DialTest, can_be_driven_on_after_its_driver_was_out_of_time) {
  Driving first(dial.drive(nullptr, clock.now() + 3s), clock);
  first.wants_signal(Phase::connect, 3s).advance(3s).ends();
  EXPECT_EQ(first.result(), Dial::Driven::out_of_time);
  Driving second(dial.drive(nullptr, never), clock);
  second.wants_signal(Phase::connect, 7s).advance(7s).ends();
  EXPECT_EQ(second.result(), Dial::Driven::done);
  EXPECT_EQ(dial.take().error, Error::connect_timeout);
}

TEST_F(DialTest, goes_on_after_its_driver_was_cancelled) {
  Driving(dial.drive(&interrupt, never), clock).cancel();
  connector.dial(0).fail(Error::connection_refused);
  Driving second(dial.drive(nullptr, never), clock);
  ASSERT_TRUE(second.run_signalled().done());
  EXPECT_EQ(dial.take().error, Error::connection_refused);
}

TEST_F(DialTest, is_done_at_once_where_nothing_has_to_be_waited_for) {
  connector.dial(0).succeed();
  Driving driving(dial.drive(&interrupt, clock.now()), clock);
  ASSERT_TRUE(driving.done());
  EXPECT_EQ(driving.result(), Dial::Driven::done);
}

}  // namespace
}  // namespace headway::connect
