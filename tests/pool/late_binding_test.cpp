// SPDX-License-Identifier: BSL-1.0

// A waiter and its dial race: whoever waits takes what comes first, and nothing that was opened is wasted.

#include "tests/pool/desk.hpp"

namespace headway::test {
namespace {

using namespace std::chrono_literals;
using enum CloseReason;
using Woken = std::vector<WaiterPtr>;

/// Two places: one leased, one being dialled by a waiter.
struct Race : testing::Test {
  Desk desk{{.max_per_route = 2}};
  Slot* leased = desk.open(a, 1);
  WaiterPtr dialler = desk.enter(a);
  Slot* dial = dialler->slot();
};

using PoolLateBinding = Race;

TEST_F(PoolLateBinding, takes_a_connection_that_comes_back_before_the_dial_is_done) {  // pool rule 12
  ASSERT_EQ(dialler->state(), State::dialling);
  desk.keep(leased);
  EXPECT_EQ(desk.woken(), Woken{dialler});
  EXPECT_EQ(dialler->slot(), leased);
  EXPECT_EQ(dial->state(), Slot::State::connecting);
  EXPECT_EQ(desk.pool.stats(a).connecting, 1u);  // pool rule 4
}

TEST_F(PoolLateBinding, keeps_the_connection_of_a_surplus_dial) {  // golang/go#13957
  desk.keep(leased);
  desk.dialled(dial, 2, 10ms);
  EXPECT_EQ(desk.idle(), std::vector{2});
  EXPECT_EQ(dialler->slot(), leased);
  EXPECT_EQ(dial->expires(), desk.now + 10ms);
}

TEST_F(PoolLateBinding, serves_the_next_with_a_surplus_dial) {
  desk.keep(leased);
  const WaiterPtr next = desk.enter(a);
  ASSERT_EQ(next->state(), State::queued);
  desk.woken();
  desk.dialled(dial, 2);
  EXPECT_EQ(desk.woken(), Woken{next});
  EXPECT_EQ(next->slot(), dial);
}

TEST_F(PoolLateBinding,
       dials_anew_for_the_next_where_a_surplus_dial_fails) {  // pool rule 15, dotnet/runtime#60654
  desk.keep(leased);
  const WaiterPtr next = desk.enter(a);
  desk.woken();
  desk.dial_failed(dial);
  EXPECT_EQ(desk.woken(), Woken{next});
  EXPECT_EQ(next->state(), State::dialling);
  EXPECT_EQ(dialler->state(), State::served);
}

TEST_F(PoolLateBinding, harms_nobody_where_an_unwanted_dial_fails) {
  desk.keep(leased);
  desk.dial_failed(dial);
  EXPECT_EQ(dialler->state(), State::served);
  EXPECT_EQ(desk.pool.stats(a).leased, 1u);
  EXPECT_EQ(desk.pool.stats(a).connecting, 0u);
}

TEST_F(PoolLateBinding, fails_a_dial_for_its_own_waiter_alone) {  // dotnet/runtime#60654
  const WaiterPtr other = desk.enter(a);
  ASSERT_EQ(other->state(), State::queued);
  desk.dial_failed(dial);
  EXPECT_EQ(dialler->state(), State::idle);
  EXPECT_EQ(desk.woken(), Woken{other});
  EXPECT_EQ(other->state(), State::dialling);
}

TEST_F(PoolLateBinding, serves_a_dialler_with_its_own_dial) {
  const std::uint64_t generation = dial->generation();
  desk.dialled(dial, 2);
  EXPECT_EQ(dialler->state(), State::served);
  EXPECT_EQ(desk.pool.collect(*dialler), dial);
  EXPECT_EQ(dial->connection(), 2);
  EXPECT_GT(dial->generation(), generation);
  EXPECT_TRUE(desk.woken().empty());  // it knows: it has dialled itself
}

TEST_F(PoolLateBinding, closes_a_surplus_connection_over_the_cap) {
  desk.keep(leased);
  desk.step([&](auto& effects) { desk.pool.set_max_per_route(a, 1, effects); });
  desk.dialled(dial, 2);
  EXPECT_EQ(desk.closed(), (Closed{{2, over_capacity}}));
  EXPECT_EQ(desk.pool.stats(a).leased, 1u);
}

TEST_F(PoolLateBinding, lets_an_older_waiter_elsewhere_have_the_place_of_a_surplus_dial) {
  desk.step([&](auto& effects) { desk.pool.set_max_total(2, effects); });
  desk.keep(leased);
  const WaiterPtr elsewhere = desk.enter(b);
  desk.dialled(dial, 2);
  EXPECT_EQ(desk.closed(), (Closed{{2, evicted}}));
  EXPECT_EQ(elsewhere->state(), State::dialling);
}

TEST(PoolDials, are_never_more_than_the_waiters_without_one) {  // pool rule 12, golang/go#76784
  Desk desk;
  Slot* const first = desk.open(a, 1);
  Slot* const second = desk.open(a, 2);
  const WaiterPtr one = desk.enter(a), two = desk.enter(a);
  desk.keep(first);
  desk.keep(second);
  ASSERT_EQ(desk.pool.stats(a).connecting, 2u);  // both without an owner by now
  const WaiterPtr three = desk.enter(a), four = desk.enter(a), five = desk.enter(a);
  EXPECT_EQ(three->state(), State::queued);
  EXPECT_EQ(four->state(), State::queued);
  EXPECT_EQ(five->state(), State::dialling);
  EXPECT_EQ(desk.pool.stats(a).connecting, 3u);
}

TEST(PoolDials, start_afresh_for_a_fresh_lease_whatever_is_being_opened) {
  Desk desk;
  desk.pool.reserve(a);
  EXPECT_EQ(desk.enter(a)->state(), State::queued);
  EXPECT_EQ(desk.enter(a, Freshness::fresh)->state(), State::dialling);
}

TEST(PoolDials, start_all_at_once_where_there_is_room) {
  Desk desk({.max_per_route = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(desk.enter(a)->state(), State::dialling);
  EXPECT_EQ(desk.enter(a)->state(), State::queued);  // golang: IncludeDialInProgress; pool rule 4
  EXPECT_EQ(desk.pool.stats(a).connecting, 3u);
  EXPECT_EQ(desk.pool.stats(a).pending, 1u);
}

TEST(PoolDials, that_fail_again_and_again_leave_nothing) {  // nodejs/undici#3895, encode/httpcore#433
  Desk desk({.max_total = 2});
  for (int i = 0; i < 1000; ++i) {
    const WaiterPtr waiter = desk.enter(a);
    ASSERT_EQ(waiter->state(), State::dialling);
    desk.dial_failed(waiter->slot());
    EXPECT_EQ(waiter->state(), State::idle);
  }
  EXPECT_EQ(desk.pool.routes(), 0u);
  EXPECT_EQ(desk.pool.stats().connecting, 0u);
}

TEST(PoolDials, ahead_of_need_are_no_waiters_dials) {
  Desk desk({.max_total = 3, .max_per_route = 2});
  Slot* const one = desk.pool.reserve(a);
  Slot* const two = desk.pool.reserve(a);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(desk.pool.reserve(a), nullptr);
  desk.dialled(one, 1);
  EXPECT_EQ(desk.idle(), std::vector{1});
  EXPECT_EQ(desk.enter(a)->slot(), one);
  const WaiterPtr waiter = desk.enter(a);
  desk.dialled(two, 2);
  EXPECT_EQ(desk.woken(), Woken{waiter});
}

TEST(PoolDials, ahead_of_need_evict_nobody) {
  Desk desk({.max_total = 1});
  desk.warm(a, 1);
  EXPECT_EQ(desk.pool.reserve(b), nullptr);
  EXPECT_EQ(desk.idle(), std::vector{1});
  EXPECT_EQ(desk.pool.routes(), 1u);
}

TEST(PoolDials, ahead_of_need_that_fail_leave_no_route) {
  Desk desk;
  desk.dial_failed(desk.pool.reserve(a));
  EXPECT_EQ(desk.pool.routes(), 0u);
}

}  // namespace
}  // namespace headway::test
