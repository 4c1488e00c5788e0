// SPDX-License-Identifier: BSL-1.0

// Who gets a connection that comes back, and who gets the place of one that does not.

#include "tests/pool/desk.hpp"

namespace headway::test {
namespace {

using namespace std::chrono_literals;
using enum CloseReason;
using Woken = std::vector<WaiterPtr>;

TEST(PoolWaiting, serves_a_route_in_order_of_arrival) {  // pool rules 10, 16
  Desk desk({.max_per_route = 1});
  Slot* slot = desk.open(a, 1);
  std::vector<WaiterPtr> waiters;
  for (int i = 0; i < 100; ++i) waiters.push_back(desk.enter(a));
  for (const WaiterPtr& next : waiters) {
    desk.keep(slot);
    ASSERT_EQ(desk.woken(), Woken{next});
    slot = desk.pool.collect(*next);
    EXPECT_EQ(slot->connection(), 1);
  }
  EXPECT_TRUE(desk.closed().empty());
}

TEST(PoolWaiting,
     looks_at_what_is_idle_and_enters_the_queue_in_one_step) {  // pool rule 13, hyperium/hyper#1799
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  desk.keep(slot);
  const WaiterPtr waiter = desk.enter(a);
  EXPECT_EQ(waiter->state(), State::served);
  EXPECT_EQ(waiter->slot(), slot);
}

TEST(PoolWaiting, hands_a_connection_over_without_an_idle_moment) {  // pool rules 5, 14
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr waiter = desk.enter(a);
  const std::uint64_t generation = slot->generation();
  desk.keep(slot);
  EXPECT_EQ(waiter->state(), State::served);
  EXPECT_EQ(waiter->slot(), slot);
  EXPECT_EQ(slot->state(), Slot::State::leased);
  EXPECT_GT(slot->generation(), generation);
  EXPECT_TRUE(desk.idle().empty());
  EXPECT_EQ(desk.take(a), nullptr);  // a newcomer does not overtake
  EXPECT_EQ(desk.enter(a)->state(), State::queued);
}

TEST(PoolWaiting, never_has_two_connections_under_a_cap_of_one) {  // golang/go#29889, golang/go#32336
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(a), second = desk.enter(a);
  desk.discard(slot);
  EXPECT_EQ(desk.woken(), Woken{first});
  EXPECT_EQ(first->state(), State::dialling);
  EXPECT_EQ(second->state(), State::queued);
  EXPECT_EQ(desk.pool.stats(a).connecting + desk.pool.stats(a).leased, 1u);
  EXPECT_EQ(desk.enter(a)->state(), State::queued);
}

TEST(PoolWaiting, gives_the_place_of_a_closed_connection_to_the_next) {  // nodejs/undici#5144
  for (CloseReason reason : {response_close, time_to_live, stale, cancelled}) {
    Desk desk({.max_total = 1});
    Slot* const slot = desk.open(a, 1);
    const WaiterPtr waiter = desk.enter(a);
    desk.discard(slot, reason);
    EXPECT_EQ(waiter->state(), State::dialling);
  }
}

TEST(PoolWaiting, gives_the_place_of_an_expired_connection_to_the_next) {
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr waiter = desk.enter(a);
  desk.keep(slot, 0ms);
  EXPECT_EQ(desk.closed(), (Closed{{1, expired}}));
  EXPECT_EQ(waiter->state(), State::dialling);
}

TEST(PoolWaiting, serves_starving_routes_by_the_age_of_their_waiters) {
  Desk desk({.max_total = 2});
  Slot* const one = desk.open(c, 1);
  Slot* const two = desk.open(c, 2);
  const WaiterPtr at_b = desk.enter(b), at_a = desk.enter(a), again_b = desk.enter(b);
  desk.discard(one);
  EXPECT_EQ(desk.woken(), Woken{at_b});
  desk.discard(two);
  EXPECT_EQ(desk.woken(), Woken{at_a});
  desk.dial_failed(at_a->slot());
  EXPECT_EQ(desk.woken(), Woken{again_b});
}

TEST(PoolWaiting, closes_a_good_connection_for_an_older_waiter_of_another_route) {  // pool rule 7
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr older = desk.enter(b), younger = desk.enter(a);
  desk.keep(slot);
  EXPECT_EQ(desk.closed(), (Closed{{1, evicted}}));
  EXPECT_EQ(older->state(), State::dialling);
  EXPECT_EQ(younger->state(), State::queued);
}

TEST(PoolWaiting, keeps_a_good_connection_for_an_older_waiter_of_its_own_route) {
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr older = desk.enter(a), younger = desk.enter(b);
  desk.keep(slot);
  EXPECT_TRUE(desk.closed().empty());
  EXPECT_EQ(older->slot(), slot);
  EXPECT_EQ(younger->state(), State::queued);
  desk.keep(desk.pool.collect(*older));
  EXPECT_EQ(younger->state(), State::dialling);
}

TEST(PoolWaiting, is_not_held_up_by_a_route_at_its_own_cap) {
  Desk desk({.max_total = 3, .max_per_route = 1});
  desk.open(a, 1);
  const WaiterPtr stuck = desk.enter(a);
  EXPECT_EQ(desk.enter(b)->state(), State::dialling);
  EXPECT_EQ(desk.enter(c)->state(), State::dialling);
  EXPECT_EQ(stuck->state(), State::queued);
}

TEST(PoolWaiting, gives_no_place_to_a_newcomer_while_an_older_one_starves) {
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(b);
  desk.enter(c);
  desk.discard(slot);
  EXPECT_EQ(desk.woken(), Woken{first});
}

TEST(PoolWaiting, lets_a_waiter_that_was_given_a_dead_connection_keep_its_turn) {  // pool rule 17
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(a), second = desk.enter(a), third = desk.enter(a);
  desk.keep(slot);
  desk.discard(desk.pool.collect(*first), stale);
  ASSERT_EQ(second->state(), State::dialling);
  desk.reenter(first, a);
  ASSERT_EQ(first->state(), State::queued);
  desk.dialled(second->slot(), 2);
  desk.keep(desk.pool.collect(*second));
  EXPECT_EQ(first->state(), State::served);
  EXPECT_EQ(third->state(), State::queued);
}

TEST(PoolWaiting, keeps_the_turns_of_two_that_were_given_dead_connections) {
  Desk desk({.max_per_route = 2});
  Slot* const one = desk.open(a, 1);
  Slot* const two = desk.open(a, 2);
  const WaiterPtr first = desk.enter(a), second = desk.enter(a), third = desk.enter(a),
                  fourth = desk.enter(a);
  desk.keep(one);
  desk.keep(two);
  desk.discard(desk.pool.collect(*first), stale);
  desk.discard(desk.pool.collect(*second), stale);
  desk.reenter(first, a);
  desk.reenter(second, a);
  desk.dialled(third->slot(), 3);
  desk.woken();
  desk.keep(desk.pool.collect(*third));
  EXPECT_EQ(desk.woken(), Woken{first});
  desk.dialled(fourth->slot(), 4);
  desk.keep(desk.pool.collect(*fourth));
  EXPECT_EQ(desk.woken(), Woken{second});
}

TEST(PoolWaiting, counts_a_turn_from_the_first_entry_even_if_it_was_served_at_once) {
  Desk desk({.max_per_route = 1});
  desk.warm(a, 1);
  const WaiterPtr first = desk.enter(a), second = desk.enter(a), third = desk.enter(a);
  ASSERT_EQ(first->state(), State::served);
  desk.discard(desk.pool.collect(*first), stale);
  desk.reenter(first, a);
  desk.dial_failed(second->slot());
  EXPECT_EQ(first->state(), State::dialling);
  EXPECT_EQ(third->state(), State::queued);
}

TEST(PoolWaiting, wakes_each_waiter_once) {  // encode/httpcore#680, golang/go#34941
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(a), second = desk.enter(b);
  desk.keep(slot);
  desk.discard(desk.pool.collect(*first));
  EXPECT_EQ(desk.woken(), (Woken{first, second}));
  EXPECT_EQ(desk.pool.stats().pending, 0u);
}

}  // namespace
}  // namespace headway::test
