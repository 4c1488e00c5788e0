// SPDX-License-Identifier: BSL-1.0

// Which kept connections are used again, which are closed instead, and for what reason.

#include "tests/manage/desk.hpp"
#include "tests/support/eventually.hpp"

#include <stdexcept>

namespace headway {
namespace {

using Idle = core::Transport::Idle;

/// Opens `count` connections and keeps them: number 0 is the longest idle.
void keep(Desk& desk, int count, Duration keep_alive = 60s) {
  std::vector<Lease> leases;
  for (int i = 0; i < count; ++i) leases.push_back(desk.lease());
  for (Lease& lease : leases) EXPECT_EQ(lease.give_back(keep_alive), CloseReason::none);
}

TEST(Reuse, costs_an_idle_connection_little_memory) {  // pool rule 44
  // The parser and the buffers are the request's, not the connection's.
  EXPECT_LE(sizeof(core::LiveConnection), 256u);
}

TEST(Reuse, passes_over_dead_connections_until_a_good_one_comes) {  // pool rule 25; scenarios 19, 33
  Desk desk;
  keep(desk, 3);
  desk.peer(1).set_look(Idle::surplus);  // pool rule 24; scenario 23
  desk.peer(2).set_look(Idle::ended);
  const Lease lease = desk.lease();
  EXPECT_TRUE(lease.reused());
  EXPECT_EQ(desk.connector->dials(), 3U);
  EXPECT_FALSE(desk.peer(0).closed());
  EXPECT_TRUE(desk.peer(1).closed());
  EXPECT_TRUE(desk.peer(2).closed());
}

TEST(Reuse, opens_a_connection_where_all_kept_ones_are_dead) {
  Desk desk;
  keep(desk, 3);
  for (std::size_t i = 0; i < 3; ++i) desk.peer(i).set_look(Idle::ended);
  const Lease lease = desk.lease();
  EXPECT_FALSE(lease.reused());
  EXPECT_EQ(desk.connector->dials(), 4U);
  EXPECT_EQ(desk.pool->stats().available, 0U);
}

TEST(Reuse, dials_for_a_waiter_who_was_handed_a_dead_connection) {
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking asking(desk), next(desk);
  desk.peer(0).set_look(Idle::ended);
  held.give_back(60s);
  EXPECT_FALSE(asking.settle());
  asking.script.wants_signal(Phase::connect);  // it keeps its turn
  next.script.wants_signal(Phase::lease);
  desk.connector->dial(1).succeed();
  EXPECT_TRUE(asking.is_served());
}

TEST(Reuse, dials_for_a_waiter_who_was_handed_a_dead_connection_though_nobody_may_wait) {
  Desk desk({.max_per_route = 2, .max_waiters = 0});
  Lease held = desk.lease();
  Asking asking(desk);
  asking.script.wants_signal(Phase::connect);
  const HttpRoute& route = route_a;
  desk.peer(0).set_look(Idle::ended);
  held.give_back(60s);
  EXPECT_FALSE(asking.failed_with(Error::too_many_waiters));
  EXPECT_EQ(desk.pool->stats(route).leased, 0U);
}

TEST(Reuse, closes_a_connection_whose_check_throws) {  // scenario 135
  bool throws = true;
  Desk desk({.stale_check = [&](Connection&) -> bool {
    if (throws) throw std::logic_error("mine");
    return false;
  }});
  keep(desk, 1);
  EXPECT_THROW(desk.lease(), std::logic_error);
  EXPECT_TRUE(desk.peer(0).closed());
  EXPECT_TRUE(desk.at_rest());
  throws = false;
  EXPECT_FALSE(desk.lease().reused());
}

TEST(Reuse, closes_a_connection_whose_check_throws_for_a_waiter) {
  Desk desk({.max_per_route = 1, .stale_check = [](Connection&) -> bool { throw std::logic_error("mine"); }});
  Lease held = desk.lease();
  Asking asking(desk), next(desk);
  held.give_back(60s);
  ASSERT_TRUE(asking.settle());
  EXPECT_THROW(asking.script.result(), std::logic_error);
  EXPECT_FALSE(next.settle());
  next.script.wants_signal(Phase::connect);
}

TEST(Reuse, looks_only_at_what_was_idle_for_long_enough) {
  Desk desk({.validate_after_inactivity = 2s});
  keep(desk, 1);
  desk.peer(0).set_look(Idle::ended);
  desk.clock.advance(1999ms);
  Lease unseen = desk.lease();
  EXPECT_TRUE(unseen.reused());
  unseen.give_back(60s);
  desk.clock.advance(2s);
  EXPECT_FALSE(desk.lease().reused());
}

TEST(Reuse, looks_at_nothing_where_it_is_told_so) {
  Desk desk({.validate_after_inactivity = unlimited});
  keep(desk, 1);
  desk.peer(0).set_look(Idle::ended);
  desk.clock.advance(30s);
  EXPECT_TRUE(desk.lease().reused());
}

TEST(Reuse, ends_with_the_keep_alive) {  // scenario 26
  Desk desk;
  keep(desk, 1, 5s);
  desk.clock.advance(4999ms);
  Lease lease = desk.lease();
  EXPECT_TRUE(lease.reused());
  lease.give_back(5s);
  desk.clock.advance(5s);
  EXPECT_FALSE(desk.lease().reused());
  EXPECT_TRUE(desk.peer(0).closed());
}

TEST(Reuse, needs_a_keep_alive_above_0) {  // pool rule 38
  Desk desk;
  EXPECT_EQ(desk.lease().give_back(0s), CloseReason::keep_alive_zero);
  EXPECT_TRUE(desk.peer(0).closed());
}

TEST(Reuse, ends_with_the_idle_limit_whatever_the_server_allows) {
  Desk desk({.max_idle = 5s});
  keep(desk, 1, 60s);
  desk.clock.advance(5s);
  EXPECT_EQ(desk.pool->close_expired(), 1U);
}

TEST(Reuse, takes_at_most_a_tenth_off_the_time_to_live) {  // pool rule 40
  Desk desk({.max_per_route = 50, .time_to_live = 100s});
  keep(desk, 50, 1000s);
  desk.clock.advance(90s - 1ms);
  EXPECT_EQ(desk.pool->close_expired(), 0U);
  desk.clock.advance(5s);
  const std::size_t early = desk.pool->close_expired();
  EXPECT_GT(early, 0U);  // not all at once: all of 50 random lives on one side is no chance
  EXPECT_LT(early, 50U);
  desk.clock.advance(5s + 1ms);
  EXPECT_EQ(desk.pool->close_expired(), 50U - early);
}

TEST(Reuse, closes_a_connection_that_outlived_its_time_while_leased) {  // pool rule 40
  Desk desk({.time_to_live = 100s});
  Lease lease = desk.lease();
  desk.clock.advance(100s);
  EXPECT_FALSE(desk.peer(0).closed());
  EXPECT_EQ(lease.give_back(60s), CloseReason::time_to_live);
  EXPECT_TRUE(desk.peer(0).closed());
}

TEST(Reuse, ends_with_the_last_request_that_a_connection_may_serve) {  // pool rule 41; scenario 13
  Desk desk({.max_requests_per_connection = 2});
  const auto serve = [](Lease& lease) {
    static_cast<core::LiveConnection&>(lease.connection()).count_response();
    return lease.give_back(60s);
  };
  Lease first = desk.lease();
  EXPECT_EQ(serve(first), CloseReason::none);
  Lease second = desk.lease();
  EXPECT_EQ(serve(second), CloseReason::max_requests);
  EXPECT_FALSE(desk.lease().reused());
}

TEST(Reuse, closes_what_comes_back_above_a_lowered_cap) {
  Desk desk;
  Lease first = desk.lease(), second = desk.lease();
  desk.pool->set_max_per_route(route_a, 1);
  EXPECT_EQ(first.give_back(60s), CloseReason::over_capacity);
  EXPECT_EQ(second.give_back(60s), CloseReason::none);
}

TEST(Reuse, ends_with_close_idle_and_begins_anew) {  // pool rule 76; scenario 65
  Desk desk;
  Lease leased = desk.lease();
  keep(desk, 2);
  desk.clock.advance(10s);
  keep(desk, 1);  // used again just now
  EXPECT_EQ(desk.pool->close_idle(10s), 1U);
  EXPECT_EQ(desk.pool->close_idle(0s), 1U);
  EXPECT_EQ(leased.give_back(60s), CloseReason::none);
  EXPECT_TRUE(desk.lease().reused());
}

TEST(Reuse, ends_a_lease_exactly_once) {  // pool rule 78
  Desk desk;
  Lease lease = desk.lease();
  EXPECT_EQ(lease.give_back(60s), CloseReason::none);
  Lease other = desk.lease();
  lease.discard();
  EXPECT_EQ(lease.give_back(60s), CloseReason::none);
  EXPECT_FALSE(desk.peer(0).closed());
  EXPECT_EQ(desk.pool->stats().leased, 1U);
}

TEST(Warm, opens_connections_ahead_of_need) {
  Desk desk({.max_per_route = 3});
  desk.connector->answer_at_once();
  EXPECT_EQ(desk.pool->warm(route_a, 2), 2U);
  EXPECT_EQ(desk.pool->warm(route_a, 2), 2U);
  EXPECT_EQ(desk.pool->warm(route_a, 10), 3U);
  EXPECT_EQ(desk.connector->dials(), 3U);
  EXPECT_TRUE(desk.pool->lease(route_a).reused());
}

TEST(ServerClosesFirst, is_waited_for_and_then_not_any_more) {
  Desk desk;
  Lease answered = desk.lease(), ignored = desk.lease();
  desk.peer(0).end();
  answered.discard(CloseReason::response_close);
  EXPECT_TRUE(testing::eventually([&] { return desk.pool->stats().closing == 0; }));
  EXPECT_TRUE(desk.peer(0).closed());
  ignored.discard(CloseReason::response_close);
  EXPECT_EQ(desk.pool->stats().closing, 1U);
  EXPECT_EQ(desk.pool->stats().leased, 0U);
  EXPECT_TRUE(testing::eventually([&] {
    desk.clock.advance(2s);  // from whenever the wait began
    return desk.peer(1).closed();
  }));
  EXPECT_TRUE(testing::eventually([&] { return desk.pool->stats().closing == 0; }));
}

}  // namespace
}  // namespace headway
