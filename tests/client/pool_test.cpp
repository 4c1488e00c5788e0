// SPDX-License-Identifier: BSL-1.0

// The pool as a client's user meets it: caps, figures, sharing, the end.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class PoolOfClients : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, PoolOfClients, all_flavours(), flavour_name);

HttpRoute route_to(const LoopbackServer& server) { return {"http", "127.0.0.1", server.port()}; }

TEST(PoolAsShown, is_set_up_and_changed_at_run_time) {
  headway::Client client{{
      .pool = {.max_total = 200, .max_per_route = 20, .validate_after_inactivity = 1s, .time_to_live = 10min},
      .timeouts = {.lease = 2s,
                   .connect = 3s,
                   .tls_handshake = 3s,
                   .response = 30s,
                   .read = 30s,
                   .total = headway::unlimited},
      .keep_alive_strategy = [](const headway::ResponseHead& head,
                                const headway::HttpRoute& route) -> headway::Duration {
        if (route.host() == "www.naughty-server.com") return 5s;
        return headway::DefaultKeepAliveStrategy{}(head, route);
      },
  }};
  headway::PoolingConnectionManager& pool = client.pool();
  pool.set_max_total(100);
  pool.set_default_max_per_route(10);
  pool.set_max_per_route(headway::HttpRoute{"http", "www.yeetrack.com", 80}, 50);
  headway::PoolStats all = pool.stats();
  headway::PoolStats one = pool.stats(headway::HttpRoute{"http", "www.yeetrack.com", 80});
  headway::PoolStats other = pool.stats(headway::HttpRoute{"http", "example.org", 80});
  EXPECT_EQ(all.max, 100u);
  EXPECT_EQ(one.max, 50u);
  EXPECT_EQ(other.max, 10u);
  EXPECT_EQ(pool.close_expired(), 0u);
  EXPECT_EQ(pool.close_idle(30s), 0u);
  pool.shutdown();
  std::error_code ec;
  client.get("http://127.0.0.1/", ec);
  EXPECT_EQ(ec, headway::Error::pool_shut_down);
}

TEST(PoolAsShown, is_shared_by_two_clients_and_watched_by_a_monitor) {
  LoopbackServer server(echo_target());
  auto shared = std::make_shared<headway::PoolingConnectionManager>(headway::PoolOptions{.max_total = 50});
  headway::Client a{shared}, b{shared};
  headway::IdleConnectionMonitor monitor{shared, {.interval = 5s, .max_idle = 30s}};
  a.get(server.url());
  EXPECT_TRUE(b.get(server.url()).info.connection_reused);
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_EQ(&a.pool(), shared.get());
  EXPECT_EQ(shared->stats().available, 1u);
}

TEST(PoolAsShown, can_be_a_manager_of_one_connection) {
  LoopbackServer one(echo_target()), other(echo_target());
  headway::Client simple{std::make_shared<headway::BasicConnectionManager>()};
  EXPECT_FALSE(simple.get(one.url()).info.connection_reused);
  EXPECT_TRUE(simple.get(one.url()).info.connection_reused);
  EXPECT_FALSE(simple.get(other.url()).info.connection_reused);
  EXPECT_TRUE(one.wait_for_closed_connections(1));
  EXPECT_FALSE(simple.get(one.url()).info.connection_reused);
  EXPECT_EQ(one.connections_accepted(), 2);
}

TEST_P(PoolOfClients, survives_a_client_that_shares_it) {
  LoopbackServer server(echo_target());
  auto shared = std::make_shared<PoolingConnectionManager>();
  {
    Client first{shared};
    get(first, server.url());
  }
  Client second{shared};
  EXPECT_TRUE(get(second, server.url()).response.info.connection_reused);
}

TEST_P(PoolOfClients, of_one_connection_serves_one_lease_at_a_time) {
  LoopbackServer server(first_connection(answer(response(200, "held"))));
  auto manager = std::make_shared<BasicConnectionManager>();
  Client client{manager};
  Opened held = open(client, {.url = server.url()});
  EXPECT_EQ(get(client, server.url()).error, Error::connection_in_use);
  EXPECT_FALSE(drain(held.stream));
  EXPECT_EQ(get(client, server.url()).response.body, "held");
  EXPECT_TRUE(manager->close_idle());
  EXPECT_FALSE(manager->close_idle());
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(get(client, server.url("/new")).response.body, "/new");
  manager->shutdown();
  EXPECT_EQ(get(client, server.url()).error, Error::pool_shut_down);
}

TEST_P(PoolOfClients, of_one_connection_replaces_it_when_it_has_died) {  // scenario 20
  Gate idle, closed;
  LoopbackServer server(first_connection([&](Peer& peer) {
    peer.read_request();
    peer.write(response(200, "first"));
    peer.wait_for(idle);
    peer.close();
    closed.open();
  }));
  Client client{std::make_shared<BasicConnectionManager>()};
  get(client, server.url());
  idle.open();
  ASSERT_TRUE(closed.wait());
  EXPECT_EQ(get(client, server.url("/second")).response.body, "/second");
}

TEST_P(PoolOfClients, has_true_figures_at_each_step) {  // pool rules 3 and 79, scenario 138
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 7, .max_per_route = 3}}};
  const auto expect = [&](std::size_t leased, std::size_t available, std::uint64_t opened,
                          std::uint64_t reused) {
    for (const PoolStats& stats : {client.pool().stats(), client.pool().stats(route_to(server))}) {
      EXPECT_EQ(stats.leased, leased);
      EXPECT_EQ(stats.available, available);
      EXPECT_EQ(stats.pending, 0u);
      EXPECT_EQ(stats.connecting, 0u);
    }
    EXPECT_EQ(client.pool().stats().max, 7u);
    EXPECT_EQ(client.pool().stats(route_to(server)).max, 3u);
    EXPECT_EQ(client.pool().stats().opened, opened);
    EXPECT_EQ(client.pool().stats().reused, reused);
  };
  expect(0, 0, 0, 0);
  Opened one = open(client, {.url = server.url("/1")});
  expect(1, 0, 1, 0);
  Opened two = open(client, {.url = server.url("/2")});
  expect(2, 0, 2, 0);
  drain(one.stream);
  expect(1, 1, 2, 0);
  one = open(client, {.url = server.url("/3")});
  expect(2, 0, 2, 1);
  one.stream.close();
  expect(1, 0, 2, 1);
  drain(two.stream);
  expect(0, 1, 2, 1);
  EXPECT_EQ(client.pool().close_idle(0s), 1u);
  expect(0, 0, 2, 1);
}

TEST_P(PoolOfClients, evicts_the_connection_used_least_recently) {  // pool rules 6 and 7, scenarios 46 and 54
  LoopbackServer one(echo_target()), two(echo_target()), three(echo_target());
  Client client{{.pool = {.max_total = 2}}};
  get(client, one.url());
  get(client, two.url());
  get(client, one.url());
  get(client, three.url());
  EXPECT_TRUE(two.wait_for_closed_connections(1));
  EXPECT_EQ(client.pool().stats().available, 2u);
  EXPECT_TRUE(get(client, one.url()).response.info.connection_reused);
  EXPECT_TRUE(get(client, three.url()).response.info.connection_reused);
}

TEST_P(PoolOfClients, refuses_more_waiters_than_it_may_have) {  // pool rule 9
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 1, .max_waiters = 0}}};
  Opened held = open(client, {.url = server.url()});
  EXPECT_EQ(get(client, server.url()).error, Error::too_many_waiters);
  EXPECT_EQ(client.pool().stats().pending, 0u);
  drain(held.stream);
  EXPECT_FALSE(get(client, server.url()).error);
}

TEST_P(PoolOfClients, hands_a_connection_that_comes_back_to_who_waits) {  // pool rule 14
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 1}}};
  Opened held = open(client, {.url = server.url()});
  std::string body;
  std::thread waiting([&] { body = get(client, server.url("/waited")).response.body; });
  EXPECT_TRUE(eventually([&] { return client.pool().stats().pending == 1; }));
  drain(held.stream);
  waiting.join();
  EXPECT_EQ(body, "/waited");
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(PoolOfClients, serves_who_waits_when_a_cap_is_raised) {
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 2, .max_per_route = 1}}};
  Opened held = open(client, {.url = server.url()});
  std::string body;
  std::thread waiting([&] { body = get(client, server.url("/waited")).response.body; });
  EXPECT_TRUE(eventually([&] { return client.pool().stats().pending == 1; }));
  client.pool().set_max_per_route(route_to(server), 2);
  waiting.join();
  EXPECT_EQ(body, "/waited");
  EXPECT_EQ(server.connections_accepted(), 2);
}

TEST_P(PoolOfClients, shrinks_when_a_cap_is_lowered) {
  LoopbackServer server(echo_target());
  Client client;
  {
    Opened one = open(client, {.url = server.url()}), two = open(client, {.url = server.url()});
    Opened three = open(client, {.url = server.url()});
    drain(one.stream), drain(two.stream);
    EXPECT_EQ(client.pool().stats().available, 2u);
    client.pool().set_max_total(1);
    EXPECT_EQ(client.pool().stats().available, 0u);
    EXPECT_TRUE(server.wait_for_closed_connections(2));
    drain(three.stream);
  }
  EXPECT_EQ(client.pool().stats().available, 1u);
  EXPECT_THROW(client.pool().set_max_total(0), std::system_error);
}

TEST_P(PoolOfClients, can_be_warmed) {
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_per_route = 5}}};
  EXPECT_EQ(client.pool().warm(route_to(server), 3), 3u);
  EXPECT_EQ(client.pool().stats().available, 3u);
  EXPECT_EQ(client.pool().warm(route_to(server), 9), 5u);
  EXPECT_TRUE(server.wait_for_connections(5));
  EXPECT_FALSE(get(client, server.url()).response.info.connection_reused);
  EXPECT_EQ(server.connections_accepted(), 5);
  server.stop_listening();
  std::error_code ec;
  client.pool().close_idle(0s);
  EXPECT_EQ(client.pool().warm(route_to(server), 1, ec), 0u);
  EXPECT_EQ(ec, Error::connection_refused);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(PoolOfClients, works_on_after_its_idle_connections_were_closed) {  // pool rule 76, scenario 65
  LoopbackServer server(echo_target());
  Client client;
  Opened held = open(client, {.url = server.url()});
  get(client, server.url());
  EXPECT_EQ(client.pool().close_idle(1h), 0u);
  EXPECT_EQ(client.pool().close_idle(0s), 1u);
  EXPECT_FALSE(drain(held.stream));
  EXPECT_TRUE(get(client, server.url()).response.info.connection_reused);
}

TEST_P(PoolOfClients, that_is_shut_down_finishes_what_is_leased) {  // pool rule 74, scenario 53
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 1}}};
  Opened held = open(client, {.url = server.url("/held")});
  std::error_code waited;
  std::thread waiting([&] { waited = get(client, server.url()).error; });
  EXPECT_TRUE(eventually([&] { return client.pool().stats().pending == 1; }));
  client.pool().shutdown();
  waiting.join();
  EXPECT_EQ(waited, Error::pool_shut_down);
  EXPECT_EQ(waited, Condition::cancelled);
  std::string body;
  EXPECT_FALSE(read_all(held.stream, body));
  EXPECT_EQ(body, "/held");
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(get(client, server.url()).error, Error::pool_shut_down);
  EXPECT_TRUE(pool_is_whole(client));
}

}  // namespace
}  // namespace headway::testing
