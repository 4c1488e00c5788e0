// SPDX-License-Identifier: BSL-1.0

// Expiry, idle limits, the monitor's look at idle connections, and what a long life leaves behind.

#include "tests/pool/desk.hpp"

#include <set>

namespace headway::test {
namespace {

using namespace std::chrono_literals;
using enum CloseReason;

std::size_t close_expired(Desk& desk) {
  return desk.step([&](auto& effects) { return desk.pool.close_expired(desk.now, effects); });
}

std::size_t close_idle(Desk& desk, Millis idle) {
  return desk.step([&](auto& effects) { return desk.pool.close_idle(desk.now - idle, effects); });
}

IntPool::IdleRef ref(const Slot* slot) { return {const_cast<Slot*>(slot), slot->generation()}; }

TEST(PoolUpkeep, closes_what_has_expired_and_nothing_else) {
  Desk desk;
  desk.warm(a, 1, 10ms);
  desk.warm(b, 2, 5ms);
  desk.warm(c, 3, 11ms);
  desk.now += 10ms;
  EXPECT_EQ(close_expired(desk), 2u);
  EXPECT_EQ(desk.closed(), (Closed{{1, expired}, {2, expired}}));
  EXPECT_EQ(desk.pool.routes(), 1u);
  EXPECT_EQ(close_expired(desk), 0u);
}

TEST(PoolUpkeep, says_what_a_connection_expired_of) {  // pool rule 40
  Desk desk;
  Slot* const slot = desk.open(a, 1);
  desk.step([&](auto& effects) {
    desk.pool.give_back(*slot, none, desk.now, desk.now + 1ms, time_to_live, effects);
  });
  desk.now += 1ms;
  close_expired(desk);
  EXPECT_EQ(desk.closed(), (Closed{{1, time_to_live}}));
}

TEST(PoolUpkeep, makes_no_connection_younger_by_looking_at_it) {  // pool rule 27
  Desk desk;
  desk.warm(a, 1, 1h);
  desk.now += 10ms;
  desk.warm(a, 2, 1h);
  Slot* oldest = nullptr;
  desk.pool.visit_idle([&](Slot& slot) { oldest = oldest == nullptr ? &slot : oldest; });
  ASSERT_TRUE(desk.pool.lease_idle(ref(oldest)));
  desk.now += 10ms;
  desk.step([&](auto& effects) { desk.pool.put_back(*oldest, desk.now, effects); });
  EXPECT_TRUE(desk.pool.check());
  EXPECT_EQ(close_idle(desk, 20ms), 1u);
  EXPECT_EQ(desk.closed(), (Closed{{1, idle_limit}}));
}

TEST(PoolUpkeep, hands_what_it_looked_at_to_who_came_meanwhile) {
  Desk desk({.max_per_route = 1});
  desk.warm(a, 1, 1h);
  Slot* slot = nullptr;
  desk.pool.visit_idle([&](Slot& each) { slot = &each; });
  ASSERT_TRUE(desk.pool.lease_idle(ref(slot)));
  const WaiterPtr waiter = desk.enter(a);
  desk.step([&](auto& effects) { desk.pool.put_back(*slot, desk.now, effects); });
  EXPECT_EQ(waiter->state(), State::served);
  EXPECT_TRUE(desk.pool.check());
}

TEST(PoolUpkeep, never_expires_a_leased_connection) {  // pool rules 40, 43
  Desk desk;
  desk.warm(a, 1, 1ms);
  Slot* const slot = desk.take(a);
  desk.now += 1h;
  EXPECT_EQ(close_expired(desk), 0u);
  EXPECT_EQ(close_idle(desk, 0ms), 0u);
  EXPECT_EQ(slot->state(), Slot::State::leased);
}

TEST(PoolUpkeep, names_the_first_expiry_to_come) {  // pool rule 42, hyperium/hyper#4100
  Desk desk;
  EXPECT_EQ(desk.pool.next_expiry(), std::nullopt);
  EXPECT_TRUE(desk.pool.empty());
  desk.warm(a, 1, 30ms);
  desk.warm(b, 2, 20ms);
  EXPECT_EQ(desk.pool.next_expiry(), desk.now + 20ms);
  desk.now += 20ms;
  close_expired(desk);
  EXPECT_EQ(desk.pool.next_expiry(), desk.now + 10ms);
  desk.take(a);
  EXPECT_EQ(desk.pool.next_expiry(), std::nullopt);
}

TEST(PoolUpkeep, closes_what_has_been_idle_for_as_long_or_longer) {
  Desk desk;
  desk.warm(a, 1);
  desk.now += 5ms;
  desk.warm(b, 2);
  desk.now += 1ms;
  desk.warm(a, 3);
  desk.now += 5ms;
  EXPECT_EQ(close_idle(desk, 6ms), 2u);
  EXPECT_EQ(desk.closed(), (Closed{{1, idle_limit}, {2, idle_limit}}));
  EXPECT_EQ(close_idle(desk, 0ms), 1u);
  EXPECT_EQ(desk.pool.routes(), 0u);
}

TEST(PoolUpkeep, goes_on_after_all_idle_ones_were_closed) {  // pool rule 76
  Desk desk;
  Slot* const leased = desk.open(a, 2);
  desk.warm(a, 1);
  close_idle(desk, 0ms);
  desk.keep(leased);
  EXPECT_EQ(desk.take(a)->connection(), 2);
}

TEST(PoolUpkeep, visits_the_longest_idle_first) {
  Desk desk;
  desk.warm(b, 1);
  desk.warm(a, 2);
  desk.warm(b, 3);
  EXPECT_EQ(desk.idle(), (std::vector{1, 2, 3}));
}

TEST(PoolUpkeep, leases_an_idle_connection_to_look_at_it) {  // pool rule 43, encode/httpcore#1110
  Desk desk;
  Slot* const slot = desk.warm(a, 1, 10ms);
  ASSERT_TRUE(desk.pool.lease_idle(ref(slot)));
  EXPECT_EQ(desk.take(a), nullptr);
  EXPECT_EQ(desk.pool.stats(a).leased, 1u);
  desk.keep(slot);
  EXPECT_EQ(desk.take(a), slot);
}

TEST(PoolUpkeep, serves_who_came_meanwhile_with_a_connection_looked_at) {
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.warm(a, 1);
  ASSERT_TRUE(desk.pool.lease_idle(ref(slot)));
  const WaiterPtr waiter = desk.enter(a);
  ASSERT_EQ(waiter->state(), State::queued);
  desk.keep(slot);
  EXPECT_EQ(waiter->slot(), slot);
}

TEST(PoolUpkeep, does_nothing_for_a_reference_to_an_earlier_idle_time) {  // pool rule 43
  Desk desk;
  Slot* const slot = desk.warm(a, 1);
  const IntPool::IdleRef old = ref(slot);
  desk.take(a);
  const auto close = [&] {
    return desk.step([&](auto& effects) { return desk.pool.close_idle_one(old, stale, effects); });
  };
  EXPECT_FALSE(close());
  EXPECT_FALSE(desk.pool.lease_idle(old));
  desk.keep(slot);  // idle again, but not as it was seen
  EXPECT_FALSE(close());
  EXPECT_FALSE(desk.pool.lease_idle(old));
  desk.discard(desk.take(a));
  desk.warm(b, 2);  // another connection in the same place
  EXPECT_FALSE(close());
  EXPECT_EQ(desk.idle(), std::vector{2});
}

TEST(PoolUpkeep, closes_one_that_was_seen_to_be_dead) {  // golang: DecrementConnWhenIdleConnRemoved
  Desk desk({.max_total = 1});
  Slot* const slot = desk.warm(a, 1);
  const IntPool::IdleRef seen = ref(slot);
  EXPECT_TRUE(desk.step([&](auto& effects) { return desk.pool.close_idle_one(seen, stale, effects); }));
  EXPECT_EQ(desk.closed(), (Closed{{1, stale}}));
  EXPECT_EQ(desk.enter(b)->state(), State::dialling);
}

TEST(PoolMemory, forgets_routes_without_connections_or_waiters) {  // pool rule 8, nodejs/undici#4223
  Desk desk({.max_total = 4});
  std::set<const Slot*> places;
  for (int i = 0; i < 10'000; ++i) {
    Slot* const slot = desk.open(route_to("host-" + std::to_string(i)), i);
    places.insert(slot);
    i % 2 == 0 ? desk.keep(slot, 1ms) : desk.discard(slot);
    ASSERT_LE(desk.pool.routes(), 4u);
  }
  desk.now += 1ms;
  close_expired(desk);
  EXPECT_EQ(desk.pool.routes(), 0u);
  EXPECT_LE(places.size(), 4u);
}

TEST(PoolMemory, forgets_routes_whose_waiters_have_left) {
  IntPool pool({.max_total = 1});  // without a Desk, whose checks are quadratic in the routes
  IntPool::Effects effects;
  pool.reserve(a);
  std::vector<WaiterPtr> waiters;
  for (int i = 0; i < 10'000; ++i) {
    waiters.push_back(std::make_shared<Waiter>());
    pool.enter(waiters.back(), route_to("host-" + std::to_string(i)), Freshness::any, {}, effects);
  }
  EXPECT_EQ(pool.routes(), 10'001u);
  for (const WaiterPtr& each : waiters) pool.withdraw(*each, {}, effects);
  EXPECT_EQ(pool.routes(), 1u);
  EXPECT_TRUE(pool.check());
  EXPECT_TRUE(effects.woken.empty());
}

TEST(PoolMemory, is_not_taken_by_questions) {  // pool rule 8
  Desk desk;
  EXPECT_EQ(desk.pool.stats(a).max, 20u);
  EXPECT_EQ(desk.take(a), nullptr);
  EXPECT_EQ(desk.pool.routes(), 0u);
}

}  // namespace
}  // namespace headway::test
