// SPDX-License-Identifier: BSL-1.0

// Which idle connection is taken, which one has to go, and when one is too old.

#include "tests/pool/desk.hpp"

namespace headway::test {
namespace {

using namespace std::chrono_literals;
using enum CloseReason;

TEST(PoolReuse, takes_the_connection_used_last_under_lifo) {  // pool rule 10
  Desk desk;
  for (int each : {1, 2, 3}) desk.warm(a, each);
  EXPECT_EQ(desk.take(a)->connection(), 3);
  EXPECT_EQ(desk.take(a)->connection(), 2);
}

TEST(PoolReuse, takes_the_connection_idle_longest_under_fifo) {
  Desk desk({.reuse = Reuse::fifo});
  for (int each : {1, 2, 3}) desk.warm(a, each);
  Slot* const first = desk.take(a);
  EXPECT_EQ(first->connection(), 1);
  desk.keep(first);
  EXPECT_EQ(desk.take(a)->connection(), 2);
  EXPECT_EQ(desk.take(a)->connection(), 3);
  EXPECT_EQ(desk.take(a)->connection(), 1);
}

TEST(PoolReuse, starts_no_dial_where_a_connection_is_idle) {  // pool rule 11
  Desk desk;
  desk.warm(a, 1);
  const WaiterPtr waiter = desk.enter(a);
  ASSERT_EQ(waiter->state(), State::served);
  EXPECT_EQ(desk.pool.collect(*waiter)->connection(), 1);
  EXPECT_EQ(desk.pool.stats().connecting, 0u);
}

TEST(PoolReuse, never_crosses_routes) {  // pool rule 1
  Desk desk;
  desk.warm(a, 1);
  EXPECT_EQ(desk.take(b), nullptr);
  EXPECT_EQ(desk.take(HttpRoute("https", "a")), nullptr);
  EXPECT_EQ(desk.take(HttpRoute("http", "a", 81)), nullptr);
  EXPECT_EQ(desk.take(HttpRoute("http", "a", 0, {.local_address = "127.0.0.2"})), nullptr);
  EXPECT_EQ(desk.take(HttpRoute("http", "a", 0, {.proxies = {"http://u:p@proxy"}})), nullptr);
  EXPECT_EQ(desk.take(HttpRoute("http", "A."))->connection(), 1);
}

TEST(PoolReuse, evicts_the_connection_idle_longest_of_any_route) {  // pool rule 6
  for (Reuse order : {Reuse::lifo, Reuse::fifo}) {
    Desk desk({.max_total = 3, .reuse = order});
    desk.warm(a, 1);
    desk.now += 1ms;
    desk.warm(b, 2);
    desk.now += 1ms;
    desk.warm(b, 3);
    EXPECT_EQ(desk.enter(c)->state(), State::dialling);  // pool rule 7
    EXPECT_EQ(desk.closed(), (Closed{{1, evicted}}));
    EXPECT_EQ(desk.pool.routes(), 2u);
    EXPECT_EQ(desk.enter(c)->state(), State::dialling);
    EXPECT_EQ(desk.closed(), (Closed{{2, evicted}}));
    EXPECT_EQ(desk.enter(c)->state(), State::dialling);
    EXPECT_EQ(desk.enter(c)->state(), State::queued);
  }
}

TEST(PoolReuse, counts_a_lease_as_a_use_when_it_evicts) {
  Desk desk({.max_total = 2});
  desk.warm(a, 1);
  desk.warm(b, 2);
  desk.keep(desk.take(a));
  desk.enter(c);
  EXPECT_EQ(desk.closed(), (Closed{{2, evicted}}));
}

TEST(PoolReuse, expires_at_exactly_the_deadline) {  // nodejs/undici#3141
  Desk desk;
  desk.warm(a, 1, 10ms);
  desk.now += 9ms;
  desk.keep(desk.take(a), 10ms);
  EXPECT_TRUE(desk.closed().empty());
  desk.now += 10ms;
  EXPECT_EQ(desk.take(a), nullptr);
  EXPECT_EQ(desk.closed(), (Closed{{1, expired}}));
  EXPECT_EQ(desk.pool.routes(), 0u);
}

TEST(PoolReuse, closes_all_expired_ones_on_its_way_to_a_good_one) {
  Desk desk;
  desk.warm(a, 1);
  desk.warm(a, 2, 1ms);
  desk.warm(a, 3, 2ms);
  desk.now += 2ms;
  EXPECT_EQ(desk.take(a)->connection(), 1);
  EXPECT_EQ(desk.closed(), (Closed{{3, expired}, {2, expired}}));
}

TEST(PoolReuse, takes_the_next_where_the_first_has_expired_under_fifo) {
  Desk desk({.reuse = Reuse::fifo});
  desk.warm(a, 1, 1ms);
  desk.warm(a, 2);
  desk.now += 1ms;
  EXPECT_EQ(desk.enter(a)->slot()->connection(), 2);
  EXPECT_EQ(desk.closed(), (Closed{{1, expired}}));
}

TEST(PoolReuse, keeps_nothing_whose_time_is_over_when_it_comes_back) {  // pool rules 38, 40
  Desk desk;
  Slot* const slot = desk.open(a, 1);
  desk.step(
      [&](auto& effects) { desk.pool.give_back(*slot, none, desk.now, desk.now, time_to_live, effects); });
  EXPECT_EQ(desk.closed(), (Closed{{1, time_to_live}}));
  EXPECT_EQ(desk.pool.routes(), 0u);
}

TEST(PoolReuse, closes_for_the_reason_that_the_lease_ended_with) {  // pool rules 30, 41
  for (CloseReason reason : {io_error, max_requests, response_close, cancelled}) {
    Desk desk;
    desk.discard(desk.open(a, 1), reason);
    EXPECT_EQ(desk.closed(), (Closed{{1, reason}}));
    EXPECT_EQ(desk.pool.stats().leased, 0u);
  }
}

TEST(PoolReuse, gives_each_lease_of_a_place_another_generation) {  // pool rule 78, reactor/reactor-netty#4137
  Desk desk;
  Slot* const slot = desk.open(a, 1);
  const std::uint64_t first = slot->generation();
  desk.keep(slot);
  ASSERT_EQ(desk.take(a), slot);
  const std::uint64_t second = slot->generation();
  EXPECT_NE(first, second);
  desk.discard(slot);
  ASSERT_EQ(desk.open(b, 2), slot);
  EXPECT_NE(slot->generation(), first);
  EXPECT_NE(slot->generation(), second);
}

TEST(PoolReuse, opens_a_fresh_connection_beside_an_idle_one) {  // pool rule 50
  Desk desk;
  desk.warm(a, 1);
  const WaiterPtr fresh = desk.enter(a, Freshness::fresh);
  ASSERT_EQ(fresh->state(), State::dialling);
  EXPECT_EQ(desk.idle(), (std::vector{1}));
  EXPECT_EQ(desk.take(a)->connection(), 1);
  desk.dialled(fresh->slot(), 2);
  EXPECT_EQ(desk.pool.collect(*fresh)->connection(), 2);
}

TEST(PoolReuse, replaces_the_oldest_idle_one_where_a_fresh_one_has_no_room) {
  Desk desk({.max_per_route = 2});
  desk.warm(a, 1);
  desk.warm(a, 2);
  EXPECT_EQ(desk.enter(a, Freshness::fresh)->state(), State::dialling);
  EXPECT_EQ(desk.closed(), (Closed{{1, replaced}}));
}

TEST(PoolReuse, lets_a_fresh_lease_wait_where_all_are_in_use) {
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr fresh = desk.enter(a, Freshness::fresh);
  ASSERT_EQ(fresh->state(), State::queued);
  desk.discard(slot);
  EXPECT_EQ(fresh->state(), State::dialling);
}

TEST(PoolReuse, evicts_for_a_fresh_lease_at_the_total_cap) {
  Desk desk({.max_total = 2});
  desk.warm(b, 1);
  desk.warm(a, 2);
  EXPECT_EQ(desk.enter(a, Freshness::fresh)->state(), State::dialling);
  EXPECT_EQ(desk.closed(), (Closed{{1, evicted}}));
}

}  // namespace
}  // namespace headway::test
