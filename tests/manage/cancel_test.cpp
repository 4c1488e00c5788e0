// SPDX-License-Identifier: BSL-1.0

// Leases given up, and pools shut down, in each state that a lease can be in: the pool is whole afterwards.

#include "tests/manage/desk.hpp"
#include "tests/support/eventually.hpp"

#include <optional>

namespace headway {
namespace {

TEST(CancelledLease, leaves_the_queue) {  // pool rule 19; scenario 52
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking dropped(desk), next(desk);
  dropped.script.wants_signal(Phase::lease);
  dropped.script.cancel();
  EXPECT_EQ(desk.pool->stats().pending, 1U);
  held.give_back(60s);
  EXPECT_TRUE(next.is_served());
}

TEST(CancelledLease, gives_up_its_dial_and_leaves_the_place_to_the_next) {  // scenario 72
  Desk desk({.max_per_route = 1});
  Asking dropped(desk), next(desk);
  dropped.script.wants_signal(Phase::connect);
  dropped.script.cancel();
  EXPECT_TRUE(desk.connector->dial(0).dropped());
  EXPECT_FALSE(next.settle());
  ASSERT_EQ(desk.connector->dials(), 2U);
  desk.connector->dial(1).succeed();
  EXPECT_TRUE(next.is_served());
}

TEST(CancelledLease, gives_up_a_dial_that_is_done_and_was_not_looked_at) {  // scenario 73
  Desk desk;
  Asking dropped(desk);
  desk.connector->dial(0).succeed();
  dropped.script.cancel();
  EXPECT_TRUE(desk.at_rest());
  EXPECT_EQ(desk.pool->stats().available, 0U);
}

TEST(CancelledLease, leaves_a_place_that_it_was_granted_to_the_next) {
  Desk desk({.max_per_route = 1});
  Asking first(desk), granted(desk), next(desk);
  desk.connector->dial(0).fail(Error::connection_refused);
  ASSERT_TRUE(first.settle());  // its place is `granted`'s now, who has not noticed
  granted.script.wants_signal(Phase::lease);
  granted.script.cancel();
  EXPECT_FALSE(next.settle());
  next.script.wants_signal(Phase::connect);
  ASSERT_EQ(desk.connector->dials(), 2U);
}

TEST(CancelledLease, passes_on_a_connection_that_it_was_handed) {  // pool rule 21; scenario 82
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking served(desk), next(desk);
  held.give_back(60s);  // it is `served`'s now, who has not noticed
  served.script.cancel();
  ASSERT_TRUE(next.is_served());
  EXPECT_TRUE(next.lease().reused());
  EXPECT_EQ(desk.connector->dials(), 1U);
}

TEST(CancelledLease, gives_up_place_and_connection_that_it_had_no_time_to_notice) {
  Desk desk({.max_per_route = 2});
  Lease first = desk.lease(), second = desk.lease();
  Asking dropped(desk);
  second.discard();
  first.give_back(60s);
  dropped.script.cancel();
  EXPECT_TRUE(desk.at_rest());
  EXPECT_EQ(desk.pool->stats().available, 1U);
}

TEST(CancelledLease, leaves_place_and_connection_to_one_who_needs_but_one_of_them) {  // pool rules 5 and 21
  Desk desk({.max_per_route = 2});
  Lease first = desk.lease(), second = desk.lease();
  Asking dropped(desk), next(desk);
  second.discard();
  first.give_back(60s);
  dropped.script.cancel();
  ASSERT_TRUE(next.is_served());
  EXPECT_TRUE(next.lease().reused());
  next.lease().give_back(60s);
  EXPECT_TRUE(desk.at_rest());
}

TEST(CancelledLease, keeps_a_connection_that_it_was_handed_where_nobody_waits) {  // pool rule 21
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking served(desk);
  held.give_back(60s);
  served.script.cancel();
  EXPECT_EQ(desk.pool->stats().available, 1U);
  EXPECT_TRUE(desk.at_rest());
}

TEST(CancelledLease, keeps_a_connection_that_it_was_handed_while_it_dialled) {
  Desk desk({.max_per_route = 2});
  Asking first(desk);
  desk.connector->dial(0).succeed();
  ASSERT_TRUE(first.is_served());
  Asking dialling(desk);
  first.lease().give_back(60s);
  dialling.script.cancel();
  EXPECT_EQ(desk.pool->stats().available, 1U);
  EXPECT_TRUE(desk.at_rest());
  EXPECT_TRUE(desk.connector->dial(1).dropped());
}

TEST(CancelledLease, leaves_the_pool_whole_at_every_wait) {
  testing::cancel_each_step([](int waits) {
    Desk desk({.max_per_route = 1});
    Lease held = desk.lease();
    testing::Outcome outcome;
    {
      std::optional<Asking> asking(std::in_place, desk);  // waits in the queue
      if (waits > 1) {
        desk.peer(0).set_look(core::Transport::Idle::ended);
        held.give_back(60s);  // what it is handed is dead: it dials
        asking->settle();
        EXPECT_TRUE(desk.peer(0).closed());
      }
      if (waits > 2) desk.connector->dial(1).succeed();
      asking->settle();
      outcome.interrupted = !asking->script.done();
      outcome.reusable = static_cast<bool>(asking->lease());
    }
    held.discard();
    EXPECT_TRUE(desk.at_rest());
    return outcome;
  });
}

TEST(Shutdown, fails_those_who_wait_and_those_who_dial) {  // pool rule 74; scenario 53
  Desk desk({.max_per_route = 1});
  Asking dialling(desk), queued(desk);
  desk.pool->shutdown();
  EXPECT_TRUE(dialling.failed_with(Error::pool_shut_down));
  EXPECT_TRUE(queued.failed_with(Error::pool_shut_down));
  EXPECT_TRUE(desk.connector->dial(0).dropped());
  EXPECT_TRUE(desk.at_rest());
}

TEST(Shutdown, leaves_no_place_to_one_who_had_no_time_to_notice_it) {
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking asking(desk);
  held.discard();
  desk.pool->shutdown();
  EXPECT_TRUE(asking.failed_with(Error::pool_shut_down));
  EXPECT_TRUE(desk.at_rest());
}

TEST(Shutdown, wins_over_a_dial_that_was_done_and_not_looked_at) {
  Desk desk;
  Asking dialling(desk);
  desk.connector->dial(0).succeed();
  desk.pool->shutdown();
  EXPECT_TRUE(dialling.failed_with(Error::pool_shut_down));
  EXPECT_TRUE(desk.at_rest());
}

TEST(Shutdown, closes_idle_connections_now_and_leased_ones_at_their_end) {  // pool rule 75
  Desk desk;
  Lease kept = desk.lease();
  desk.lease().give_back(60s);
  desk.pool->shutdown();
  EXPECT_TRUE(desk.peer(1).closed());
  EXPECT_FALSE(desk.peer(0).closed());
  EXPECT_EQ(kept.give_back(60s), CloseReason::shut_down);
  EXPECT_TRUE(desk.peer(0).closed());
  EXPECT_TRUE(desk.at_rest());
}

TEST(Shutdown, lets_no_later_lease_succeed) {  // scenario 134
  Desk desk;
  desk.pool->shutdown();
  desk.pool->shutdown();
  std::error_code ec;
  EXPECT_FALSE(desk.pool->lease(route_a, ec));
  EXPECT_EQ(ec, Error::pool_shut_down);
  EXPECT_EQ(desk.pool->warm(route_a, 1, ec), 0U);
  EXPECT_EQ(desk.connector->dials(), 0U);
}

TEST(Shutdown, lets_a_lease_outlive_the_manager) {
  Desk desk;
  Lease lease = desk.lease();
  desk.pool.reset();
  EXPECT_EQ(lease.give_back(60s), CloseReason::shut_down);
  EXPECT_TRUE(desk.peer(0).closed());
}

TEST(Shutdown, of_a_destroyed_manager_drops_dials_in_the_background) {
  Desk desk({.max_per_route = 2});
  {
    Asking first(desk);
    desk.connector->dial(0).succeed();
    ASSERT_TRUE(first.is_served());
    Asking second(desk);
    first.lease().give_back(60s);
    ASSERT_TRUE(second.is_served());
  }
  desk.pool.reset();
  EXPECT_TRUE(desk.connector->dial(1).dropped());
}

}  // namespace
}  // namespace headway
