// SPDX-License-Identifier: BSL-1.0

// Random walks over the pool, the same each time.

#include "tests/pool/pool_walk.hpp"

#include <gtest/gtest.h>

#include <random>

namespace headway::test {
namespace {

constexpr int steps = 2'000;

void walk(std::uint32_t seed) {
  std::mt19937 random(seed);
  // The generator's bare numbers: what a distribution makes of them differs from one library to the next.
  PoolWalk walk([&](std::size_t end) { return random() % end; });
  for (int i = 0; i < steps; ++i) walk.step();
  walk.finish();
}

TEST(PoolFuzz, keeps_every_rule_on_random_walks) {
  for (std::uint32_t seed = 1; seed <= 250; ++seed) {
    ASSERT_NO_THROW(walk(seed)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace headway::test
