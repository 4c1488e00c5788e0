// SPDX-License-Identifier: BSL-1.0

// A waiter gives up, whatever has become of it: nothing stays behind and nobody waits in vain for it.

#include "tests/pool/desk.hpp"

namespace headway::test {
namespace {

using namespace std::chrono_literals;
using enum CloseReason;
using Woken = std::vector<WaiterPtr>;

TEST(PoolWithdraw, removes_one_from_the_queue) {  // pool rule 19, hyperium/hyper#1315
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(a), gone = desk.enter(a), last = desk.enter(a);
  desk.withdraw(gone);
  EXPECT_EQ(gone->state(), State::idle);
  EXPECT_EQ(gone.use_count(), 1);  // golang/go#33850: nothing pins it
  EXPECT_EQ(desk.pool.stats().pending, 2u);
  desk.keep(slot);
  desk.keep(desk.pool.collect(*first));
  EXPECT_EQ(desk.woken(), (Woken{first, last}));
}

TEST(PoolWithdraw, leaves_no_memory_behind_a_head_that_is_stuck) {  // golang/go#76784, encode/httpcore#502
  Desk desk({.max_per_route = 1});
  desk.open(a, 1);
  const WaiterPtr stuck = desk.enter(a);
  for (int i = 0; i < 1000; ++i) {
    const WaiterPtr each = desk.enter(a);
    desk.withdraw(each);
    ASSERT_EQ(each.use_count(), 1);
  }
  EXPECT_EQ(desk.pool.stats().pending, 1u);
}

TEST(PoolWithdraw, of_a_route_s_only_waiter_forgets_the_route) {
  Desk desk({.max_total = 1});
  desk.open(a, 1);
  desk.withdraw(desk.enter(b));
  EXPECT_EQ(desk.pool.routes(), 1u);
}

TEST(PoolWithdraw, of_a_dialler_frees_its_place_for_the_next) {  // golang/go#65705, encode/httpcore#1093
  Desk desk({.max_total = 1});
  const WaiterPtr dialler = desk.enter(a), next = desk.enter(b);
  desk.withdraw(dialler);
  EXPECT_EQ(desk.woken(), Woken{next});
  EXPECT_EQ(next->state(), State::dialling);
  EXPECT_EQ(dialler.use_count(), 1);
}

TEST(PoolWithdraw, before_the_hand_off_lets_the_connection_go_to_the_next) {  // pool rule 21
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(a), second = desk.enter(a);
  desk.withdraw(first);
  desk.keep(slot);
  EXPECT_EQ(desk.woken(), Woken{second});
}

TEST(PoolWithdraw, after_the_hand_off_passes_the_connection_on) {  // pool rule 21, HttpClient PR#309
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(a), second = desk.enter(a);
  desk.keep(slot);
  const std::uint64_t generation = slot->generation();
  desk.withdraw(first);
  EXPECT_EQ(desk.woken(), (Woken{first, second}));
  EXPECT_EQ(second->slot(), slot);
  EXPECT_GT(slot->generation(), generation);
  EXPECT_EQ(first->state(), State::idle);
  EXPECT_TRUE(desk.closed().empty());
}

TEST(PoolWithdraw, after_the_hand_off_makes_it_idle_where_nobody_waits) {  // encode/httpcore#1093
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr waiter = desk.enter(a);
  desk.keep(slot, 10ms);
  desk.withdraw(waiter);
  EXPECT_EQ(desk.idle(), std::vector{1});
  EXPECT_EQ(slot->expires(), desk.now + 10ms);
  desk.now += 10ms;
  EXPECT_EQ(desk.take(a), nullptr);
}

TEST(PoolWithdraw, after_the_hand_off_closes_what_has_expired_meanwhile) {
  Desk desk({.max_per_route = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr waiter = desk.enter(a), next = desk.enter(a);
  desk.keep(slot, 10ms);
  desk.now += 10ms;
  desk.withdraw(waiter);
  EXPECT_EQ(desk.closed(), (Closed{{1, expired}}));
  EXPECT_EQ(next->state(), State::dialling);
}

TEST(PoolWithdraw, of_a_dialler_that_was_served_leaves_the_dial_to_others) {
  Desk desk({.max_per_route = 2});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr dialler = desk.enter(a);
  Slot* const dial = dialler->slot();
  desk.keep(slot);
  desk.withdraw(dialler);
  EXPECT_EQ(desk.idle(), std::vector{1});
  desk.dialled(dial, 2);
  EXPECT_EQ(desk.idle(), (std::vector{1, 2}));
}

TEST(PoolWithdraw, of_one_whose_dial_is_done_keeps_the_connection) {  // golang/go#13957
  Desk desk;
  const WaiterPtr dialler = desk.enter(a);
  desk.dialled(dialler->slot(), 1);
  desk.withdraw(dialler);
  EXPECT_EQ(desk.idle(), std::vector{1});
}

TEST(PoolWithdraw, of_one_that_was_granted_a_place_passes_the_place_on) {
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr first = desk.enter(b), second = desk.enter(c);
  desk.discard(slot);
  ASSERT_EQ(first->state(), State::dialling);
  desk.withdraw(first);
  EXPECT_EQ(second->state(), State::dialling);
  EXPECT_EQ(desk.pool.stats().connecting, 1u);
}

TEST(PoolWithdraw, is_nothing_for_those_that_do_not_wait) {
  Desk desk({.max_total = 1, .max_waiters = 0});
  const WaiterPtr collected = desk.enter(a), failed = desk.enter(a);
  desk.dialled(collected->slot(), 1);
  Slot* const slot = desk.pool.collect(*collected);
  desk.withdraw(collected);
  desk.withdraw(failed);
  desk.withdraw(failed);
  EXPECT_EQ(slot->state(), Slot::State::leased);
  EXPECT_EQ(desk.pool.stats().leased, 1u);
  EXPECT_TRUE(desk.woken().empty());
}

TEST(PoolWithdraw, hands_a_starving_route_s_turn_to_its_next) {
  Desk desk({.max_total = 1});
  Slot* const slot = desk.open(a, 1);
  const WaiterPtr oldest = desk.enter(b), middle = desk.enter(c), youngest = desk.enter(b);
  desk.withdraw(oldest);
  desk.discard(slot);
  EXPECT_EQ(desk.woken(), Woken{middle});
  desk.withdraw(middle);
  EXPECT_EQ(desk.woken(), Woken{youngest});
}

TEST(PoolWaiter, lives_while_it_stands_in_the_queue) {
  Desk desk;
  Slot* const dial = desk.enter(a)->slot();  // its owner has let go of it
  desk.dialled(dial, 1);
  EXPECT_EQ(dial->state(), Slot::State::leased);
  Slot* const failing = desk.enter(b)->slot();
  desk.dial_failed(failing);
  EXPECT_EQ(desk.pool.routes(), 1u);
}

TEST(PoolWaiter, is_let_go_by_a_pool_that_ends) {
  WaiterPtr dialling, queued;
  {
    Desk desk({.max_total = 1});
    dialling = desk.enter(a);
    queued = desk.enter(b);
  }
  EXPECT_EQ(dialling.use_count(), 1);
  EXPECT_EQ(queued.use_count(), 1);
}

}  // namespace
}  // namespace headway::test
