// SPDX-License-Identifier: BSL-1.0

// Leases that block their threads.

#include "tests/manage/desk.hpp"
#include "tests/support/eventually.hpp"

#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace headway {
namespace {

using testing::eventually;

TEST(BlockingLease, serves_threads_in_order_of_arrival) {  // pool rule 16; scenario 64
  constexpr std::size_t count = 16;
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  std::mutex mutex;
  std::vector<std::size_t> served;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      Lease lease = desk.pool->lease(route_a, {.lease = unlimited});
      const std::lock_guard lock(mutex);
      served.push_back(i);
      lease.give_back(60s);
    });
    ASSERT_TRUE(eventually([&] { return desk.pool->stats().pending == i + 1; }));
  }
  held.give_back(60s);
  threads.clear();
  ASSERT_EQ(served.size(), count);
  EXPECT_TRUE(std::is_sorted(served.begin(), served.end()));
  EXPECT_EQ(desk.connector->dials(), 1U);
}

TEST(BlockingLease, ends_when_the_pool_is_shut_down) {
  Desk desk({.max_per_route = 1});
  const Lease held = desk.lease();
  auto waiting = std::async(std::launch::async, [&] {
    std::error_code ec;
    const Lease lease = desk.pool->lease(route_a, {.lease = unlimited}, ec);
    return ec;
  });
  ASSERT_TRUE(eventually([&] { return desk.pool->stats().pending == 1; }));
  desk.pool->shutdown();
  EXPECT_EQ(waiting.get(), Error::pool_shut_down);
}

TEST(BlockingLease, takes_a_connection_that_comes_back_while_it_dials) {  // scenario 48
  Desk desk({.max_per_route = 2});
  Lease held = desk.lease();
  auto waiting = std::async(std::launch::async,
                            [&] { return desk.pool->lease(route_a, {.connect = unlimited}).reused(); });
  ASSERT_TRUE(eventually([&] { return desk.connector->dials() == 2; }));
  held.give_back(60s);
  EXPECT_TRUE(waiting.get());
}

TEST(BlockingLease, keeps_the_cap_among_many_threads) {  // scenario 62
  Desk desk({.max_per_route = 3});
  desk.connector->answer_at_once();
  std::atomic<int> leased = 0, most = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          Lease lease = desk.pool->lease(route_a, {.lease = unlimited});
          const int now = ++leased;
          for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
          }
          --leased;
          (i + t) % 5 == 0 ? lease.discard() : void(lease.give_back(60s));
        }
      });
    }
  }
  EXPECT_LE(most, 3);
  const PoolStats all = desk.pool->stats();
  EXPECT_TRUE(eventually([&] { return desk.at_rest(); }))
      << all.leased << " leased, " << all.connecting << " connecting, " << all.pending << " pending";
  EXPECT_LE(desk.pool->stats().available, 3U);
}

}  // namespace
}  // namespace headway
