// SPDX-License-Identifier: BSL-1.0

// Which sockets are an earlier plan's: the rule by itself, and on real ones.

#include "survey/settling.hpp"
#include "survey/socket_baseline.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/survey/closes_last.hpp"
#include "tests/survey/untouched.hpp"

#include <gtest/gtest.h>

namespace survey {
namespace {

using headway::testing::Gate;
using headway::testing::in_turn;
using headway::testing::LoopbackServer;
using headway::testing::RawClient;

SeenSocket seen(TcpState state, std::uint64_t cookie, std::uint16_t from = 40000) {
  return {.local = local(from), .remote = local(80), .state = state, .cookie = cookie};
}

TEST(SocketBaseline, holds_a_time_wait_socket_until_its_port_is_used_again) {
  SocketBaseline baseline({seen(TcpState::time_wait, 1)});
  EXPECT_TRUE(baseline.holds(seen(TcpState::time_wait, 1)));
  EXPECT_FALSE(baseline.holds(seen(TcpState::established, 2)));
  EXPECT_FALSE(baseline.holds(seen(TcpState::time_wait, 2)));
}

TEST(SocketBaseline, holds_a_live_socket_whatever_becomes_of_it) {
  SocketBaseline baseline({seen(TcpState::established, 1)});
  EXPECT_TRUE(baseline.holds(seen(TcpState::close_wait, 1)));
  EXPECT_TRUE(baseline.holds(seen(TcpState::time_wait, 2)));
}

TEST(SocketBaseline, does_not_hold_a_socket_with_another_end) {
  SocketBaseline baseline({seen(TcpState::time_wait, 1, 40000)});
  EXPECT_FALSE(baseline.holds(seen(TcpState::time_wait, 1, 40001)));
  SeenSocket elsewhere = seen(TcpState::time_wait, 1, 40000);
  elsewhere.remote.port = 81;
  EXPECT_FALSE(baseline.holds(elsewhere));
}

/// Waits until `count` clients are half closed, has the server close too, and returns what is there then.
Census take_in_time_wait(int count, Gate& gate, const std::vector<Endpoint>& servers,
                         const SocketBaseline& before) {
  take_when([&](const Census& now) { return now[TcpState::fin_wait_2] == count; }, servers, before);
  gate.open();
  return take_when([&](const Census& now) { return now[TcpState::time_wait] == count; }, servers, before);
}

TEST(SocketBaseline, counts_only_what_came_later) {
  Gate earlier, later;
  Untouched<LoopbackServer> server(in_turn({closes_last(earlier), closes_last(earlier), closes_last(later)}));
  const std::vector<Endpoint> servers{local(server->port())};
  { RawClient first(server->port()), second(server->port()); }
  ASSERT_EQ(take_in_time_wait(2, earlier, servers, {}).total(), 2);
  SocketBaseline baseline(list_sockets(servers));
  EXPECT_EQ(baseline.take(servers).total(), 0);
  RawClient third(server->port());
  EXPECT_EQ(baseline.take(servers)[TcpState::established], 1);
  third.close();
  const Census seen = take_in_time_wait(1, later, servers, baseline);
  EXPECT_EQ(seen[TcpState::time_wait], 1);
  EXPECT_EQ(seen.total(), 1);
}

TEST(Settling, waits_for_every_state_that_passes) {
  for (TcpState state : counted_states) {
    Census census;
    census[state] = 1;
    const bool lasts =
        state == TcpState::established || state == TcpState::time_wait || state == TcpState::close_wait;
    EXPECT_EQ(is_settled(census), lasts) << name(state);
  }
}

TEST(Settling, gives_up_at_its_limit) {
  EXPECT_FALSE(wait_until([] { return false; }, std::chrono::milliseconds(1)));
  EXPECT_TRUE(wait_until([] { return true; }, std::chrono::milliseconds(0)));
}

}  // namespace
}  // namespace survey
