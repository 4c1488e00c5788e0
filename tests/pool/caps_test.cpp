// SPDX-License-Identifier: BSL-1.0

// Caps, changed while the pool is at work, and the limits on waiters and routes.

#include "tests/pool/desk.hpp"

namespace headway::test {
namespace {

using enum CloseReason;
using Woken = std::vector<WaiterPtr>;

struct PoolCaps : testing::Test {
  Desk desk{{.max_total = 2, .max_per_route = 1}};

  void set_total(std::size_t max) {
    desk.step([&](auto& effects) { desk.pool.set_max_total(max, effects); });
  }
  void set_default(std::size_t max) {
    desk.step([&](auto& effects) { desk.pool.set_default_max_per_route(max, effects); });
  }
  void set_route(const HttpRoute& route, std::size_t max) {
    desk.step([&](auto& effects) { desk.pool.set_max_per_route(route, max, effects); });
  }
};

TEST_F(PoolCaps, count_leased_idle_and_connecting_alike) {  // pool rules 3, 4
  desk.warm(a, 1);
  desk.take(a);
  desk.pool.reserve(b);
  EXPECT_EQ(desk.enter(c)->state(), State::queued);
  const PoolStats stats = desk.pool.stats();
  EXPECT_EQ(stats.leased, 1u);
  EXPECT_EQ(stats.connecting, 1u);
  EXPECT_EQ(stats.pending, 1u);
  EXPECT_EQ(stats.max, 2u);
}

TEST_F(PoolCaps, raised_in_all_wake_the_oldest_waiters_of_any_route) {
  desk.open(a, 1);
  desk.open(b, 2);
  const WaiterPtr one = desk.enter(c), two = desk.enter(route_to("d")), three = desk.enter(route_to("e"));
  set_total(4);
  EXPECT_EQ(desk.woken(), (Woken{one, two}));
  EXPECT_EQ(three->state(), State::queued);
  EXPECT_EQ(desk.enter(route_to("f"))->state(), State::queued);
}

TEST_F(PoolCaps, raised_for_one_route_wake_its_waiters_alone) {
  set_total(10);
  desk.open(a, 1);
  desk.open(b, 2);
  const WaiterPtr at_a = desk.enter(a), at_b = desk.enter(b), next = desk.enter(b), last = desk.enter(b);
  set_route(b, 3);
  EXPECT_EQ(desk.woken(), (Woken{at_b, next}));
  EXPECT_EQ(at_a->state(), State::queued);
  EXPECT_EQ(last->state(), State::queued);
}

TEST_F(PoolCaps, raised_for_all_routes_wake_by_age_across_them) {
  set_total(4);
  desk.open(a, 1);
  desk.open(b, 2);
  const WaiterPtr at_b = desk.enter(b), at_a = desk.enter(a), rest = desk.enter(b);
  set_default(5);
  EXPECT_EQ(desk.woken(), (Woken{at_b, at_a}));
  EXPECT_EQ(rest->state(), State::queued);
}

TEST_F(PoolCaps, of_one_route_outlive_a_new_default) {
  set_route(a, 2);
  desk.open(a, 1);
  desk.open(b, 2);
  set_total(10);
  set_default(1);
  EXPECT_EQ(desk.enter(a)->state(), State::dialling);
  EXPECT_EQ(desk.enter(b)->state(), State::queued);
  EXPECT_EQ(desk.pool.stats(a).max, 2u);
  EXPECT_EQ(desk.pool.stats(b).max, 1u);
}

TEST_F(PoolCaps, of_one_route_outlive_the_route) {
  set_route(a, 2);
  desk.discard(desk.open(a, 1));
  EXPECT_EQ(desk.pool.routes(), 0u);
  EXPECT_EQ(desk.pool.stats(a).max, 2u);
  desk.open(a, 2);
  EXPECT_EQ(desk.enter(a)->state(), State::dialling);
}

TEST_F(PoolCaps, lowered_in_all_close_the_longest_idle_first) {
  set_total(3);
  desk.warm(a, 1);
  desk.warm(b, 2);
  desk.warm(c, 3);
  set_total(1);
  EXPECT_EQ(desk.closed(), (Closed{{1, over_capacity}, {2, over_capacity}}));
  EXPECT_EQ(desk.pool.routes(), 1u);
}

TEST_F(PoolCaps, lowered_in_all_close_leased_ones_when_they_come_back) {
  Slot* const one = desk.open(a, 1);
  Slot* const two = desk.open(b, 2);
  set_total(1);
  EXPECT_TRUE(desk.closed().empty());
  const WaiterPtr waiter = desk.enter(a);
  desk.keep(one);
  EXPECT_EQ(desk.closed(), (Closed{{1, over_capacity}}));
  EXPECT_EQ(waiter->state(), State::queued);
  desk.keep(two);  // within the cap again, but somebody waits elsewhere
  EXPECT_EQ(desk.closed(), (Closed{{2, evicted}}));
  EXPECT_EQ(waiter->state(), State::dialling);
}

TEST_F(PoolCaps, lowered_for_a_route_close_its_idle_ones_at_once) {  // encode/httpcore PR#1000
  set_total(10);
  set_route(a, 3);
  desk.warm(a, 1);
  desk.warm(a, 2);
  Slot* const leased = desk.open(b, 3);
  desk.keep(leased);
  Slot* const used = desk.take(a);
  set_route(a, 1);
  EXPECT_EQ(desk.closed(), (Closed{{1, over_capacity}}));
  EXPECT_EQ(used->connection(), 2);
  desk.keep(used);
  EXPECT_EQ(desk.idle(), (std::vector{3, 2}));
}

TEST_F(PoolCaps, lowered_for_all_routes_forget_those_without_connections) {
  set_default(2);
  desk.warm(a, 1);
  desk.warm(a, 2);
  set_default(1);
  EXPECT_EQ(desk.closed(), (Closed{{1, over_capacity}}));
  EXPECT_EQ(desk.pool.routes(), 1u);
}

TEST_F(PoolCaps, lowered_while_dialling_let_the_dialler_have_its_connection) {
  set_default(2);
  const WaiterPtr one = desk.enter(a), two = desk.enter(a);
  set_route(a, 1);
  desk.dialled(one->slot(), 1);
  desk.dialled(two->slot(), 2);
  desk.keep(desk.pool.collect(*one));
  EXPECT_EQ(desk.closed(), (Closed{{1, over_capacity}}));
  desk.keep(desk.pool.collect(*two));
  EXPECT_EQ(desk.idle(), std::vector{2});
}

TEST(PoolLimit, on_waiters_fails_one_more_at_once) {  // pool rule 9
  Desk desk({.max_total = 1, .max_waiters = 2});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr one = desk.enter(a), two = desk.enter(b), three = desk.enter(c);
  EXPECT_EQ(three->state(), State::failed);
  EXPECT_EQ(three->error(), Error::too_many_waiters);
  EXPECT_EQ(desk.pool.routes(), 2u);
  desk.keep(slot);
  EXPECT_EQ(one->state(), State::served);
  EXPECT_EQ(desk.enter(c)->state(), State::queued);  // there is room again
  EXPECT_EQ(two->state(), State::queued);
}

TEST(PoolLimit, of_no_waiters_still_serves_whom_it_can) {  // pool rule 18, encode/httpcore#550
  Desk desk({.max_total = 1, .max_waiters = 0});
  EXPECT_EQ(desk.enter(a)->state(), State::dialling);
  EXPECT_EQ(desk.enter(a)->error(), Error::too_many_waiters);
  EXPECT_EQ(desk.pool.stats().pending, 0u);
}

TEST(PoolLimit, of_no_waiters_lets_one_dial_rather_than_wait_for_a_surplus_dial) {
  Desk desk({.max_total = 2, .max_waiters = 0});
  desk.pool.reserve(a);
  EXPECT_EQ(desk.enter(a)->state(), State::dialling);
}

TEST(PoolLimit, on_waiters_does_not_count_those_that_dial) {
  Desk desk({.max_total = 3, .max_waiters = 1});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(desk.enter(a)->state(), State::dialling);
  EXPECT_EQ(desk.enter(a)->state(), State::queued);
}

TEST(PoolLimit, on_routes_fails_one_more_at_once) {  // pool rule 9, nodejs/undici#4223
  Desk desk({.max_routes = 2});
  Slot* const slot = desk.open(a, 1);
  desk.warm(b, 2);
  const WaiterPtr refused = desk.enter(c);
  EXPECT_EQ(refused->state(), State::failed);
  EXPECT_EQ(refused->error(), Error::too_many_routes);
  EXPECT_EQ(desk.pool.reserve(c), nullptr);
  EXPECT_EQ(desk.enter(a)->state(), State::dialling);  // a known one
  desk.discard(desk.take(b));
  EXPECT_EQ(desk.enter(c)->state(), State::dialling);
  desk.discard(slot);
}

}  // namespace
}  // namespace headway::test
