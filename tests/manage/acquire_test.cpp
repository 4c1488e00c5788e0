// SPDX-License-Identifier: BSL-1.0

// How a lease gets its connection: caps, dials, whoever comes first, and what time does to it.

#include "tests/manage/desk.hpp"
#include "tests/support/eventually.hpp"

#include <stdexcept>

namespace headway {
namespace {

using testing::eventually;

TEST(Acquire, opens_a_connection_and_hands_it_out) {  // pool rule 80
  Desk desk;
  Asking asking(desk, route_a, {.connect = 3s});
  asking.script.wants_signal(Phase::connect, 3s);
  EXPECT_EQ(desk.pool->stats().connecting, 1U);
  desk.clock.advance(2s);
  desk.connector->dial(0).succeed();
  ASSERT_TRUE(asking.is_served());
  EXPECT_FALSE(asking.lease().reused());
  EXPECT_EQ(asking.request().connect_time, 2s);
  EXPECT_EQ(desk.connector->dial(0).route, route_a);
  EXPECT_EQ(desk.pool->stats().leased, 1U);
  EXPECT_EQ(desk.pool->stats().opened, 1U);
}

TEST(Acquire, takes_an_idle_connection_without_a_dial) {  // pool rule 11
  Desk desk;
  desk.lease().give_back(60s);
  Asking asking(desk);
  ASSERT_TRUE(asking.is_served());
  EXPECT_TRUE(asking.lease().reused());
  EXPECT_EQ(desk.connector->dials(), 1U);
  EXPECT_EQ(desk.pool->stats().reused, 1U);
}

TEST(Acquire, counts_dials_against_the_caps) {  // pool rules 3 and 4; scenario 47
  Desk desk({.max_total = 3, .max_per_route = 2});
  Asking a1(desk), a2(desk), a3(desk), b1(desk, route_b), b2(desk, route_b);
  a3.script.wants_signal(Phase::lease, 10s);
  b2.script.wants_signal(Phase::lease, 10s);
  EXPECT_EQ(desk.connector->dials(), 3U);
  EXPECT_EQ(desk.pool->stats().connecting, 3U);
  EXPECT_EQ(desk.pool->stats().pending, 2U);
}

TEST(Acquire, gives_a_returned_connection_to_whoever_waits_longest) {  // pool rules 10, 14 and 16
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking first(desk), second(desk);
  held.give_back(60s);
  EXPECT_FALSE(second.settle());
  ASSERT_TRUE(first.is_served());
  EXPECT_TRUE(first.lease().reused());
  first.lease().give_back(60s);
  EXPECT_TRUE(second.is_served());
  EXPECT_EQ(desk.connector->dials(), 1U);
}

TEST(Acquire, takes_a_connection_that_comes_back_before_its_own_dial_is_done) {  // pool rule 12; scenario 48
  Desk desk({.max_per_route = 2});
  Asking first(desk);
  desk.connector->dial(0).succeed();
  ASSERT_TRUE(first.is_served());
  Asking second(desk);
  second.script.wants_signal(Phase::connect);
  first.lease().give_back(60s);
  ASSERT_TRUE(second.is_served());
  EXPECT_TRUE(second.lease().reused());
  EXPECT_EQ(desk.pool->stats().connecting, 1U);  // the dial goes on, and is not wasted
  desk.connector->dial(1).succeed();
  EXPECT_TRUE(eventually([&] { return desk.pool->stats().available == 1; }));
  EXPECT_EQ(desk.pool->stats().opened, 2U);
}

TEST(Acquire, gives_a_surplus_dial_to_the_next) {
  Desk desk({.max_per_route = 2});
  Asking first(desk);
  desk.connector->dial(0).succeed();
  ASSERT_TRUE(first.is_served());
  Asking second(desk);
  first.lease().give_back(60s);
  ASSERT_TRUE(second.is_served());
  Asking third(desk);
  third.script.wants_signal(Phase::lease);  // there is a dial for it already
  desk.connector->dial(1).succeed();
  EXPECT_TRUE(eventually([&] { return third.is_served(); }));
  EXPECT_EQ(desk.connector->dials(), 2U);
}

TEST(Acquire, keeps_no_place_that_it_was_granted_and_had_no_time_to_notice) {
  Desk desk({.max_per_route = 2});
  Lease first = desk.lease(), second = desk.lease();
  Asking asking(desk);
  second.discard();  // it is to dial …
  EXPECT_EQ(desk.pool->stats().connecting, 1U);
  first.give_back(60s);  // … and need not any more
  ASSERT_TRUE(asking.is_served());
  EXPECT_EQ(desk.pool->stats().connecting, 0U);
  Asking next(desk);
  next.script.wants_signal(Phase::connect);
}

TEST(Acquire, fails_nobody_for_a_dial_but_its_initiator) {  // pool rule 15
  Desk desk({.max_per_route = 1});
  Asking first(desk), second(desk);
  desk.connector->dial(0).fail(Error::connection_refused);
  EXPECT_TRUE(first.failed_with(Error::connection_refused));
  EXPECT_EQ(first.request().phase, Phase::connect);
  EXPECT_FALSE(second.settle());
  ASSERT_EQ(desk.connector->dials(), 2U);
  desk.connector->dial(1).succeed();
  EXPECT_TRUE(second.is_served());
}

TEST(Acquire, dials_anew_for_the_next_where_an_ownerless_dial_fails) {  // pool rule 15
  Desk desk({.max_per_route = 2});
  Asking first(desk);
  desk.connector->dial(0).succeed();
  ASSERT_TRUE(first.is_served());
  Asking second(desk);
  first.lease().give_back(60s);
  ASSERT_TRUE(second.is_served());
  Asking third(desk);
  desk.connector->dial(1).fail(Error::connection_refused);
  ASSERT_TRUE(eventually([&] { return third.settle() || desk.connector->dials() == 3; }));
  third.script.wants_signal(Phase::connect);
  desk.connector->dial(2).succeed();
  EXPECT_TRUE(third.is_served());
}

TEST(Acquire, serves_an_initiator_whose_dial_failed_when_a_connection_had_just_come_back) {
  Desk desk({.max_per_route = 2});
  Asking first(desk);
  desk.connector->dial(0).succeed();
  ASSERT_TRUE(first.is_served());
  Asking second(desk);
  desk.connector->dial(1).fail(Error::connection_refused);
  first.lease().give_back(60s);
  EXPECT_TRUE(second.is_served());
  EXPECT_TRUE(eventually([&] { return desk.pool->stats().connecting == 0; }));
}

TEST(Acquire, lets_an_exception_of_the_connector_through) {  // scenario 131
  Desk desk({.max_per_route = 1});
  Asking asking(desk), next(desk);
  desk.connector->dial(0).fail(std::make_exception_ptr(std::logic_error("mine")));
  ASSERT_TRUE(asking.settle());
  EXPECT_THROW(asking.script.result(), std::logic_error);
  EXPECT_FALSE(next.settle());
  desk.connector->dial(1).succeed();
  EXPECT_TRUE(next.is_served());
}

TEST(Acquire, leases_what_is_idle_within_a_timeout_of_0) {  // pool rule 18; scenario 51
  Desk desk({.max_per_route = 1});
  desk.lease().give_back(60s);
  Asking asking(desk, route_a, {.lease = 0s});
  EXPECT_TRUE(asking.is_served());
}

TEST(Acquire, fails_at_once_within_a_timeout_of_0_and_leaves_no_trace) {  // pool rule 18
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  {
    Asking asking(desk, route_a, {.lease = 0s});
    asking.script.wants_signal(Phase::lease, 0s).advance(0s).ends();
    EXPECT_TRUE(asking.failed_with(Error::lease_timeout));
    EXPECT_EQ(desk.pool->stats().pending, 0U);
  }
  std::error_code ec;
  EXPECT_FALSE(desk.pool->lease(route_a, {.lease = 0s}, ec));
  EXPECT_EQ(ec, Error::lease_timeout);
  held.give_back(60s);
  EXPECT_EQ(desk.pool->stats().available, 1U);
  EXPECT_TRUE(desk.at_rest());
}

TEST(Acquire, dials_where_there_is_room_though_the_lease_timeout_is_0) {
  Desk desk;
  Asking asking(desk, route_a, {.lease = 0s, .connect = 5s});
  asking.script.wants_signal(Phase::connect, 5s);
  desk.connector->dial(0).succeed();
  EXPECT_TRUE(asking.is_served());
}

TEST(Acquire, gives_up_a_queue_that_does_not_move) {  // pool rule 17
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  Asking asking(desk, route_a, {.lease = 2s});
  asking.script.wants_signal(Phase::lease, 2s).advance(1999ms).wants_signal(Phase::lease, 1ms);
  asking.script.advance(1ms).ends();
  EXPECT_TRUE(asking.failed_with(Error::lease_timeout));
  EXPECT_EQ(asking.request().phase, Phase::lease);
  EXPECT_EQ(desk.pool->stats().pending, 0U);
  held.give_back(60s);
  EXPECT_EQ(desk.pool->stats().available, 1U);
}

TEST(Acquire, gives_up_the_queue_when_the_whole_call_is_out_of_time) {
  Desk desk({.max_per_route = 1});
  const Lease held = desk.lease();
  Asking asking(desk, route_a, {.lease = 5s, .total = desk.clock.now() + 2s});
  asking.script.wants_signal(Phase::lease, 2s).advance(2s).ends();
  EXPECT_TRUE(asking.failed_with(Error::total_timeout));
}

TEST(Acquire, gives_up_its_dial_when_the_whole_call_is_out_of_time) {
  Desk desk({.max_per_route = 1});
  Asking asking(desk, route_a, {.connect = 10s, .total = desk.clock.now() + 3s});
  asking.script.wants_signal(Phase::connect, 3s).advance(3s).ends();
  EXPECT_TRUE(asking.failed_with(Error::total_timeout));
  EXPECT_EQ(asking.request().phase, Phase::connect);
  EXPECT_TRUE(desk.connector->dial(0).dropped());
  EXPECT_TRUE(desk.at_rest());
}

TEST(Acquire, ends_with_the_dials_own_timeout) {
  Desk desk;
  Asking asking(desk, route_a, {.connect = 3s});
  asking.script.wants_signal(Phase::connect, 3s).advance(3s).ends();
  EXPECT_TRUE(asking.failed_with(Error::connect_timeout));
  EXPECT_TRUE(desk.at_rest());
}

TEST(Acquire, refuses_more_waiters_than_it_may_have) {  // pool rule 9
  Desk desk({.max_per_route = 1, .max_waiters = 1});
  Lease held = desk.lease();
  Asking waits(desk), refused(desk);
  EXPECT_TRUE(refused.failed_with(Error::too_many_waiters));
  held.give_back(60s);
  EXPECT_TRUE(waits.is_served());
}

TEST(Acquire, opens_a_fresh_connection_in_place_of_an_idle_one) {  // pool rule 50
  Desk desk({.max_per_route = 1});
  desk.lease().give_back(60s);
  Asking asking(desk, route_a, {.fresh = true});
  asking.script.wants_signal(Phase::connect);
  desk.connector->dial(1).succeed();
  ASSERT_TRUE(asking.is_served());
  EXPECT_FALSE(asking.lease().reused());
  EXPECT_TRUE(desk.peer(0).closed());
  EXPECT_FALSE(desk.peer(1).closed());
}

TEST(Acquire, evicts_the_idle_connection_of_another_route_at_the_total_cap) {  // pool rules 6 and 7
  Desk desk({.max_total = 1});
  desk.lease(route_a).give_back(60s);
  const Lease other = desk.lease(route_b);
  EXPECT_TRUE(desk.peer(0).closed());
}

}  // namespace
}  // namespace headway
