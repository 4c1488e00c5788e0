// SPDX-License-Identifier: BSL-1.0

// One connection at a time.

#include "tests/manage/desk.hpp"

#include <headway/basic_connection_manager.hpp>

#include <stdexcept>

namespace headway {
namespace {

struct BasicDesk {
  explicit BasicDesk(StaleCheck stale_check = DefaultStaleCheck{})
      : manager(std::move(stale_check), detail::Environment{.connector = connector, .clock = &clock}) {
    connector->answer_at_once();
  }
  testing::ScriptedPeer& peer(std::size_t index) const { return *connector->dial(index).peer; }

  testing::ManualClock clock;
  std::shared_ptr<testing::ScriptedConnector> connector = std::make_shared<testing::ScriptedConnector>();
  BasicConnectionManager manager;
};

TEST(BasicConnectionManager, keeps_its_connection_for_the_same_route) {
  BasicDesk desk;
  EXPECT_EQ(desk.manager.lease(route_a).give_back(60s), CloseReason::none);
  const Lease again = desk.manager.lease(route_a);
  EXPECT_TRUE(again.reused());
  EXPECT_EQ(desk.connector->dials(), 1U);
}

TEST(BasicConnectionManager, refuses_a_second_lease_at_once) {
  BasicDesk desk;
  std::error_code ec;
  Lease held = desk.manager.lease(route_a);
  EXPECT_FALSE(desk.manager.lease(route_a, ec));
  EXPECT_EQ(ec, Error::connection_in_use);
  EXPECT_FALSE(desk.manager.close_idle());
  held.discard();
  EXPECT_TRUE(desk.manager.lease(route_a, ec));
}

TEST(BasicConnectionManager, closes_its_connection_for_another_route) {
  BasicDesk desk;
  desk.manager.lease(route_a).give_back(60s);
  const Lease other = desk.manager.lease(route_b);
  EXPECT_FALSE(other.reused());
  EXPECT_TRUE(desk.peer(0).closed());
  EXPECT_EQ(desk.connector->dial(1).route, route_b);
}

TEST(BasicConnectionManager, opens_anew_when_the_keep_alive_is_over) {
  BasicDesk desk;
  desk.manager.lease(route_a).give_back(5s);
  desk.clock.advance(5s);
  EXPECT_FALSE(desk.manager.lease(route_a).reused());
  EXPECT_EQ(desk.manager.lease(route_a).give_back(0s), CloseReason::keep_alive_zero);
}

TEST(BasicConnectionManager, opens_anew_where_the_server_has_closed) {
  BasicDesk desk;
  desk.manager.lease(route_a).give_back(60s);
  desk.peer(0).set_look(core::Transport::Idle::ended);
  EXPECT_FALSE(desk.manager.lease(route_a).reused());
  EXPECT_TRUE(desk.peer(0).closed());
}

TEST(BasicConnectionManager, closes_a_connection_whose_check_throws) {
  BasicDesk desk([](Connection&) -> bool { throw std::logic_error("mine"); });
  desk.manager.lease(route_a).give_back(60s);
  EXPECT_THROW(desk.manager.lease(route_a), std::logic_error);
  EXPECT_TRUE(desk.peer(0).closed());
  EXPECT_FALSE(desk.manager.lease(route_a).reused());
}

TEST(BasicConnectionManager, closes_its_idle_connection_when_asked) {
  BasicDesk desk;
  EXPECT_FALSE(desk.manager.close_idle());
  desk.manager.lease(route_a).give_back(60s);
  EXPECT_TRUE(desk.manager.close_idle());
  EXPECT_FALSE(desk.manager.lease(route_a).reused());
}

TEST(BasicConnectionManager, leaves_its_place_free_where_a_dial_fails_or_is_dropped) {
  BasicDesk desk;
  desk.connector->answer_by_hand();
  detail::LeaseRequest request{.route = route_a, .lease_timeout = 10s, .dial = {10s, 10s}};
  testing::OpScript<void> failing(desk.manager.acquire(request), desk.clock);
  desk.connector->dial(0).fail(Error::connection_refused);
  failing.run_signalled().ends();
  EXPECT_EQ(request.error, Error::connection_refused);
  testing::OpScript<void> dropped(desk.manager.acquire(request), desk.clock);
  dropped.wants_signal(Phase::connect);
  std::error_code ec;
  EXPECT_FALSE(desk.manager.lease(route_a, ec));
  EXPECT_EQ(ec, Error::connection_in_use);
  dropped.cancel();
  EXPECT_TRUE(desk.connector->dial(1).dropped());
  desk.connector->answer_at_once();
  EXPECT_TRUE(desk.manager.lease(route_a, ec));
}

TEST(BasicConnectionManager, leases_nothing_once_it_is_shut_down) {
  BasicDesk desk;
  desk.manager.lease(route_a).give_back(60s);
  desk.manager.shutdown();
  EXPECT_TRUE(desk.peer(0).closed());
  std::error_code ec;
  EXPECT_FALSE(desk.manager.lease(route_a, ec));
  EXPECT_EQ(ec, Error::pool_shut_down);
}

TEST(BasicConnectionManager, closes_a_leased_connection_at_its_end_once_it_is_shut_down) {
  BasicDesk desk;
  Lease lease = desk.manager.lease(route_a);
  desk.manager.shutdown();
  EXPECT_EQ(lease.give_back(60s), CloseReason::shut_down);
  EXPECT_TRUE(desk.peer(0).closed());
}

TEST(BasicConnectionManager, fails_a_dial_that_ends_after_it_was_shut_down) {
  BasicDesk desk;
  desk.connector->answer_by_hand();
  detail::LeaseRequest request{.route = route_a, .lease_timeout = 10s, .dial = {10s, 10s}};
  testing::OpScript<void> dialling(desk.manager.acquire(request), desk.clock);
  desk.manager.shutdown();
  desk.connector->dial(0).succeed();
  dialling.run_signalled().ends();
  EXPECT_FALSE(request.lease);
  EXPECT_EQ(request.error, Error::pool_shut_down);
  EXPECT_TRUE(desk.peer(0).closed());
}

}  // namespace
}  // namespace headway
