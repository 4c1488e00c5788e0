// SPDX-License-Identifier: BSL-1.0
#include "survey/latency.hpp"

#include <gtest/gtest.h>

namespace survey {
namespace {

using namespace std::chrono_literals;

TEST(Latency, gives_nearest_rank_percentiles_in_whatever_order_samples_came) {
  Latency latency;
  for (int i = 0; i < 100; ++i) latency.add(std::chrono::microseconds((i * 37) % 100 + 1));
  EXPECT_EQ(latency.count(), 100u);
  EXPECT_EQ(latency.min(), 1us);
  EXPECT_EQ(latency.p50(), 50us);
  EXPECT_EQ(latency.p95(), 95us);
  EXPECT_EQ(latency.p99(), 99us);
  EXPECT_EQ(latency.max(), 100us);
}

TEST(Latency, is_its_only_sample_at_every_percentile) {
  Latency latency;
  latency.add(7ms);
  for (double percent : {0.0, 1.0, 50.0, 99.0, 100.0}) EXPECT_EQ(latency.percentile(percent), 7ms);
}

TEST(Latency, of_nothing_is_zero) {
  EXPECT_TRUE(Latency{}.empty());
  EXPECT_EQ(Latency{}.p99(), 0ns);
}

TEST(Latency, takes_in_what_another_collected) {
  Latency a, b;
  a.add(1ms);
  b.add(3ms);
  b.add(2ms);
  a.merge(b);
  EXPECT_EQ(a.count(), 3u);
  EXPECT_EQ(a.p50(), 2ms);
  EXPECT_EQ(a.max(), 3ms);
}

}  // namespace
}  // namespace survey
