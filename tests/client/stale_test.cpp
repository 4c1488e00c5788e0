// SPDX-License-Identifier: BSL-1.0

// Connections that die or are written to while they are idle: the next request must get its own answer, on
// another connection.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class IdleConnections : public ClientTest {
 protected:
  /// What the server does to the first connection once the test has opened `idle_`.
  Handler spoil_when_idle(std::function<void(Peer&)> spoil) {
    return first_connection([this, spoil = std::move(spoil)](Peer& peer) {
      peer.read_request();
      peer.write(response(200, "first"));
      peer.wait_for(idle_);
      spoil(peer);
      spoiled_.open();
    });
  }
  void spoil_now() {
    idle_.open();
    EXPECT_TRUE(spoiled_.wait());
  }
  void expect_own_answer(std::function<void(Peer&)> spoil) {
    LoopbackServer server(spoil_when_idle(std::move(spoil)));
    Client client{{.retry_strategy = NeverRetry{}}};
    EXPECT_EQ(get(client, server.url("/first")).response.body, "first");
    spoil_now();
    const Outcome second = get(client, server.url("/second"));
    EXPECT_EQ(second.response.body, "/second");
    EXPECT_FALSE(second.response.info.connection_reused);
    EXPECT_TRUE(second.tried(1));
    EXPECT_EQ(server.connections_accepted(), 2);
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(client.pool().stats().available, 1u);
    EXPECT_TRUE(pool_is_whole(client));
  }

  Gate idle_, spoiled_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, IdleConnections, all_flavours(), flavour_name);

TEST_P(IdleConnections, that_the_server_closed_are_not_used) {  // pool rule 25, scenario 20
  expect_own_answer([](Peer& peer) { peer.close(); });
}

TEST_P(IdleConnections, that_the_server_half_closed_are_not_used) {  // scenario 33
  expect_own_answer([](Peer& peer) { peer.half_close(); });
}

TEST_P(IdleConnections, that_the_server_reset_are_not_used) {  // scenario 33
  expect_own_answer([](Peer& peer) { peer.reset(); });
}

TEST_P(IdleConnections, with_a_byte_on_them_are_not_used) {  // pool rule 24, scenario 33
  expect_own_answer([](Peer& peer) { peer.write("x"); });
}

TEST_P(IdleConnections, with_an_empty_line_on_them_are_not_used) {
  expect_own_answer([](Peer& peer) { peer.write("\r\n"); });
}

TEST_P(IdleConnections, with_a_408_on_them_are_closed_quietly) {  // pool rule 29, scenarios 24 and 25
  expect_own_answer([](Peer& peer) {
    peer.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    peer.close();
  });
}

TEST_P(IdleConnections, with_a_whole_response_on_them_give_it_to_nobody) {  // pool rule 24, scenario 23
  expect_own_answer([](Peer& peer) { peer.write(response(200, "fake")); });
}

TEST_P(IdleConnections, that_died_are_all_gone_after_one_request) {  // scenario 19
  Gate all_answered, all_closed;
  LoopbackServer server([&](Peer& peer) {
    if (peer.index() >= 5) return echo_target()(peer);
    peer.read_request();
    peer.write(response(200, "early"));
    peer.wait_for(all_answered);
  });
  Client client{{.retry_strategy = NeverRetry{}}};
  {
    std::vector<ResponseStream> streams;
    for (int i = 0; i < 5; ++i) streams.push_back(open(client, {.url = server.url()}).stream);
    for (ResponseStream& stream : streams) EXPECT_FALSE(drain(stream));
  }
  EXPECT_EQ(client.pool().stats().available, 5u);
  all_answered.open();
  ASSERT_TRUE(server.wait_for_closed_connections(5));
  EXPECT_EQ(get(client, server.url("/sixth")).response.body, "/sixth");
  EXPECT_EQ(client.pool().stats().available, 1u);
  EXPECT_EQ(server.connections_accepted(), 6);
}

TEST_P(IdleConnections, that_died_are_found_by_the_monitor) {  // pool rule 23, scenarios 19 and 22
  LoopbackServer server(spoil_when_idle([](Peer& peer) { peer.close(); }));
  Client client{{.pool = {.monitor = {.interval = 5ms}}}};
  get(client, server.url());
  EXPECT_EQ(client.pool().stats().available, 1u);
  spoil_now();
  EXPECT_TRUE(eventually([&] { return client.pool().stats().available == 0; }));
}

TEST_P(IdleConnections, are_looked_at_by_the_hook_that_the_user_gives) {
  LoopbackServer server(echo_target());
  int looks = 0;
  const auto always_stale = [&](Connection& connection) {
    EXPECT_EQ(connection.served(), 1u);
    return ++looks > 0;
  };
  Client client{{.pool = {.stale_check = always_stale, .monitor = {.interval = unlimited}}}};
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(get(client, server.url()).response.info.connection_reused);
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(server.connections_accepted(), 3);
}

TEST_P(IdleConnections, are_not_looked_at_before_they_were_idle_for_long_enough) {
  LoopbackServer server(echo_target());
  int looks = 0;
  const auto count = [&](Connection&) { return ++looks < 0; };
  Client client{{.pool = {.validate_after_inactivity = unlimited,
                          .stale_check = count,
                          .monitor = {.interval = unlimited}}}};
  for (int i = 0; i < 3; ++i) get(client, server.url());
  EXPECT_EQ(looks, 0);
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(IdleConnections, closed_at_whim_cost_no_request) {  // scenario 21
  LoopbackServer server([](Peer& peer) {
    for (int answered = 0; auto request = peer.read_request(); ++answered) {
      peer.write(response(200, request->target));
      if ((peer.index() * 7 + answered) % 3 == 0) return;
    }
  });
  Client client{{.retry_strategy = NeverRetry{}}};
  for (int i = 0; i < 1000; ++i) {
    const std::string target = "/" + std::to_string(i);
    const Outcome got = get(client, server.url(target));
    ASSERT_FALSE(got.error) << i << ": " << got.error.message();
    ASSERT_EQ(got.response.body, target);
  }
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(IdleConnections, are_closed_with_their_client) {  // scenario 32
  LoopbackServer server(echo_target());
  {
    Client client;
    get(client, server.url());
    EXPECT_EQ(server.connections_open(), 1);
  }
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

}  // namespace
}  // namespace headway::testing
