// SPDX-License-Identifier: BSL-1.0
#include <headway/detail/signal.hpp>

#include <gtest/gtest.h>

namespace headway::detail {
namespace {

struct Counter final : SignalObserver {
  void on_signal() noexcept override { ++count; }
  int count = 0;
};

TEST(Signal, tells_its_observer_once_it_is_set) {
  Signal signal;
  Counter counter;
  EXPECT_TRUE(signal.observe(counter));
  EXPECT_EQ(counter.count, 0);
  signal.set();
  EXPECT_EQ(counter.count, 1);
  EXPECT_TRUE(signal.is_set());
  signal.ignore();
  signal.set();
  EXPECT_EQ(counter.count, 1);
}

TEST(Signal, takes_no_observer_when_it_is_set_already) {
  Signal signal;
  Counter counter;
  signal.set();
  EXPECT_FALSE(signal.observe(counter));
  EXPECT_EQ(counter.count, 0);
}

TEST(Signal, can_be_set_again_after_a_reset) {
  Signal signal;
  Counter counter;
  signal.set();
  signal.reset();
  EXPECT_FALSE(signal.is_set());
  EXPECT_TRUE(signal.observe(counter));
  signal.set();
  EXPECT_EQ(counter.count, 1);
}

}  // namespace
}  // namespace headway::detail
