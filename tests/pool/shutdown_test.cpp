// SPDX-License-Identifier: BSL-1.0

// Shutdown finds waiters and connections in every state.

#include "tests/pool/desk.hpp"

#include <gmock/gmock.h>

namespace headway::test {
namespace {

using enum CloseReason;

TEST(PoolShutdown, closes_idle_connections) {
  Desk desk;
  desk.warm(a, 1);
  desk.warm(b, 2);
  desk.shutdown();
  EXPECT_EQ(desk.closed(), (Closed{{1, shut_down}, {2, shut_down}}));
  EXPECT_EQ(desk.pool.routes(), 0u);
  EXPECT_TRUE(desk.pool.is_shut_down());
}

TEST(PoolShutdown, fails_all_that_wait_once) {
  Desk desk({.max_total = 2});
  desk.open(a, 1);
  const WaiterPtr dialling = desk.enter(b), same_route = desk.enter(b), other_route = desk.enter(c);
  desk.shutdown();
  EXPECT_THAT(desk.woken(), testing::UnorderedElementsAre(dialling, same_route, other_route));
  for (const WaiterPtr& each : {dialling, same_route, other_route}) {
    EXPECT_EQ(each->state(), State::failed);
    EXPECT_EQ(each->error(), Error::pool_shut_down);
    EXPECT_EQ(each->slot(), nullptr);
    desk.withdraw(each);
    EXPECT_EQ(each.use_count(), 2);  // ours and the loop's
  }
  desk.shutdown();
  EXPECT_TRUE(desk.woken().empty());
}

TEST(PoolShutdown, closes_leased_connections_at_their_end) {  // pool rule 75
  Desk desk;
  Slot* const slot = desk.open(a, 1);
  desk.shutdown();
  EXPECT_TRUE(desk.closed().empty());
  desk.keep(slot);
  EXPECT_EQ(desk.closed(), (Closed{{1, shut_down}}));
  EXPECT_EQ(desk.pool.routes(), 0u);
}

TEST(PoolShutdown, leaves_a_connection_that_was_handed_over_to_its_waiter) {
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr collects = desk.enter(a);
  desk.keep(slot);
  desk.shutdown();
  ASSERT_EQ(collects->state(), State::served);
  desk.keep(desk.pool.collect(*collects));
  EXPECT_EQ(desk.closed(), (Closed{{1, shut_down}}));
}

TEST(PoolShutdown, closes_a_connection_whose_waiter_gives_up_afterwards) {
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr waiter = desk.enter(a);
  desk.keep(slot);
  desk.shutdown();
  desk.withdraw(waiter);
  EXPECT_EQ(desk.closed(), (Closed{{1, shut_down}}));
  EXPECT_EQ(desk.pool.routes(), 0u);
}

TEST(PoolShutdown, closes_what_was_being_opened) {  // nodejs/undici#2058
  Desk desk;
  const WaiterPtr waiter = desk.enter(a);
  Slot* const dial = waiter->slot();
  Slot* const ahead = desk.pool.reserve(b);
  desk.shutdown();
  desk.dialled(dial, 1);
  EXPECT_EQ(desk.closed(), (Closed{{1, shut_down}}));
  desk.dial_failed(ahead);
  EXPECT_EQ(waiter->state(), State::failed);
  EXPECT_EQ(desk.pool.routes(), 0u);
  EXPECT_EQ(desk.pool.stats().connecting, 0u);
}

TEST(PoolShutdown, lets_nobody_in_any_more) {
  Desk desk;
  desk.warm(a, 1);
  desk.shutdown();
  desk.shutdown();
  const WaiterPtr waiter = desk.enter(a);
  EXPECT_EQ(waiter->state(), State::failed);
  EXPECT_EQ(waiter->error(), Error::pool_shut_down);
  EXPECT_EQ(desk.enter(a, Freshness::fresh)->state(), State::failed);
  EXPECT_EQ(desk.take(a), nullptr);
  EXPECT_EQ(desk.pool.reserve(a), nullptr);
  EXPECT_EQ(desk.pool.routes(), 0u);
}

TEST(PoolShutdown, is_not_undone_by_a_raised_cap) {
  Desk desk({.max_total = 1});
  desk.open(a, 1);
  const WaiterPtr waiter = desk.enter(b);
  desk.shutdown();
  desk.woken();
  desk.step([&](auto& effects) { desk.pool.set_max_total(10, effects); });
  desk.step([&](auto& effects) { desk.pool.set_default_max_per_route(10, effects); });
  EXPECT_TRUE(desk.woken().empty());
  EXPECT_EQ(waiter->state(), State::failed);
}

}  // namespace
}  // namespace headway::test
