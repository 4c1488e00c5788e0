// SPDX-License-Identifier: BSL-1.0

// Where a client's connections go: names, addresses in their place, local addresses and the socket hook.

#include "tests/client/client_fixture.hpp"

#include <headway/basic_connection_manager.hpp>
#include <headway/testing/gate.hpp>
#include <headway/testing/reserved_port.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Texts = std::vector<std::string>;

class ClientNamesTest : public ClientTest {
 protected:
  std::string url(const std::string& host) const {
    return "http://" + host + ":" + std::to_string(server.port()) + "/";
  }
  LoopbackServer server{keep_alive(
      [](const ReceivedRequest& request) { return response(200, request.header("Host").value_or("")); })};
};

TEST_P(ClientNamesTest, addresses_in_place_of_a_look_up_are_taken) {
  const std::string port = std::to_string(server.port());
  Client client{{.resolve = {{"api.local:" + port, {"127.0.0.1"}},
                             {"other.local:" + port, {"127.0.0.3", "127.0.0.1"}}}}};
  const Outcome outcome = get(client, url("api.local"));
  EXPECT_FALSE(outcome.error) << outcome.what;
  EXPECT_EQ(outcome.response.body, "api.local:" + port);
  EXPECT_EQ(get(client, url("other.local")).response.status, 200);
  EXPECT_TRUE(get(client, url("API.local.")).response.info.connection_reused);
}

TEST_P(ClientNamesTest, addresses_of_another_port_are_not_taken) {
  Client client{{.pool = {.dial = {.resolver = [](const std::string&) { return Texts{}; }}},
                 .retry_strategy = NeverRetry{},
                 .resolve = {{"api.local:1", {"127.0.0.1"}}}}};
  EXPECT_EQ(get(client, url("api.local")).error, Error::host_not_found);
}

TEST_P(ClientNamesTest, clients_that_go_different_ways_share_no_connection) {  // pool rule 1
  const auto pool = std::make_shared<PoolingConnectionManager>();
  const std::string key = "api.local:" + std::to_string(server.port());
  Client one{pool, {.resolve = {{key, {"127.0.0.1"}}}}};
  Client two{pool, {.resolve = {{key, {"127.0.0.3", "127.0.0.1"}}}}};
  Client three{pool, {.resolve = {{key, {"127.0.0.1"}}}, .local_address = "127.0.0.2"}};
  for (Client* client : {&one, &two, &three})
    EXPECT_FALSE(get(*client, url("api.local")).response.info.connection_reused);
  Client like_one{pool, {.resolve = {{key, {"127.0.0.1"}}}}};
  EXPECT_TRUE(get(like_one, url("api.local")).response.info.connection_reused);
}

TEST_P(ClientNamesTest, the_resolver_is_asked_once_and_its_answer_kept) {  // pool rules 11, 59
  std::atomic<int> asked = 0;
  Client client{{.pool = {.dial = {.resolver = [&](const std::string& host) {
                            ++asked;
                            return host == "named.test" ? Texts{"127.0.0.1"} : Texts{};
                          }}}}};
  EXPECT_EQ(get(client, url("named.test")).response.status, 200);
  client.pool().close_idle(0s);
  const Outcome again = get(client, url("named.test"));
  EXPECT_FALSE(again.response.info.connection_reused);
  EXPECT_EQ(again.response.status, 200);
  EXPECT_EQ(asked, 1);
}

TEST_P(ClientNamesTest,
       a_resolver_that_fails_ends_the_request_with_its_words) {  // pool rule 57; scenario 131
  Client client{{.pool = {.dial = {.resolver = [](const std::string& host) -> Texts {
                            if (host == "empty.test") return {};
                            throw std::runtime_error("the moon is full");
                          }}},
                 .retry_strategy = NeverRetry{}}};
  EXPECT_EQ(get(client, url("empty.test")).error, Error::host_not_found);
  const Outcome outcome = get(client, url("thrown.test"));
  EXPECT_EQ(outcome.error, Error::resolve_failed);
  if (!outcome.what.empty()) {
    EXPECT_THAT(outcome.what, HasSubstr("look-up of thrown.test: the moon is full"));
  }
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(ClientNamesTest,
       a_hung_look_up_ends_at_the_connect_timeout_and_delays_nobody) {  // rules 55, 56; scenario 83
  const auto gate = std::make_shared<Gate>();
  Client client{{.pool = {.dial = {.resolver = [gate](const std::string& host) -> Texts {
                            if (host == "hung.test") gate->wait();
                            return {"127.0.0.1"};
                          }}},
                 .timeouts = {.connect = 50ms},
                 .retry_strategy = NeverRetry{}}};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(get(client, url("hung.test")).error, Error::connect_timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(get(client, url("other.test")).response.status, 200);
  EXPECT_TRUE(pool_is_whole(client));
  gate->open();
}

TEST_P(ClientNamesTest, the_error_lists_every_address_and_why) {  // pool rule 54; scenario 129
  const ReservedPort nobody;
  const std::string port = std::to_string(nobody.number());
  Client client{{.retry_strategy = NeverRetry{}, .resolve = {{"api.local:" + port, {"::1", "127.0.0.1"}}}}};
  const Outcome outcome = get(client, "http://api.local:" + port + "/");
  EXPECT_TRUE(outcome.error == Condition::connect);
  if (!outcome.what.empty()) {
    EXPECT_THAT(outcome.what, HasSubstr("[::1]:" + port + ": "));
    EXPECT_THAT(outcome.what, HasSubstr("; 127.0.0.1:" + port + ": Connection refused"));
  }
}

TEST_P(ClientNamesTest, the_socket_hook_sees_each_new_socket_and_only_those) {
  std::atomic<int> seen = 0;
  Client client{{.pool = {.dial = {.on_socket = [&](int, const HttpRoute&) { ++seen; }}}}};
  get(client, url("127.0.0.1"));
  get(client, url("127.0.0.1"));
  EXPECT_EQ(seen, 1);
}

TEST_P(ClientNamesTest, an_exception_of_the_socket_hook_comes_out_of_the_call) {  // scenario 131
  Client client{
      {.pool = {.dial = {.on_socket = [](int, const HttpRoute&) { throw std::runtime_error("no"); }}}}};
  if (is_async()) {
    EXPECT_EQ(get(client, url("127.0.0.1")).error, Error::hook_threw);
  } else {
    EXPECT_THROW(get(client, url("127.0.0.1")), std::runtime_error);
  }
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(ClientNamesTest, a_manager_of_one_connection_takes_the_same_options) {
  Client client{std::make_shared<BasicConnectionManager>(
      DialOptions{.resolver = [](const std::string&) { return Texts{"127.0.0.1"}; }})};
  EXPECT_EQ(get(client, url("named.test")).response.status, 200);
}

INSTANTIATE_TEST_SUITE_P(Flavours, ClientNamesTest, all_flavours(), flavour_name);

std::string complaint(const ClientOptions& options) {
  try {
    const Client client{options};
  } catch (const std::system_error& error) {
    EXPECT_TRUE(error.code() == Condition::usage);
    return error.what();
  }
  return "none";
}

TEST(ClientOptions, that_say_where_connections_go_are_checked_and_named) {
  const DialOptions late_probe{.tcp_keep_alive = TcpKeepAlive{.idle = 999ms}};
  const DialOptions no_interval{.tcp_keep_alive = TcpKeepAlive{.interval = 0s}};
  const DialOptions no_probe{.tcp_keep_alive = TcpKeepAlive{.probes = 0}};
  const struct {
    ClientOptions options;
    const char* named;
  } cases[] = {
      {{.unix_socket = std::string(108, 'x')}, "unix_socket is longer than 107 bytes"},
      {{.unix_socket = std::string("a\0b", 3)}, "unix_socket has a NUL"},
      {{.resolve = {{"a:80", {"::1"}}}, .unix_socket = "/x"}, "unix_socket excludes resolve"},
      {{.local_address = "::1", .unix_socket = "/x"}, "unix_socket excludes local_address"},
      {{.interface = "lo", .unix_socket = "/x"}, "unix_socket excludes interface"},
      {{.local_address = "localhost"}, "local_address \"localhost\""},
      {{.interface = "a name too long for one"}, "interface \"a name too long for one\""},
      {{.interface = "a/b"}, "interface \"a/b\""},
      {{.resolve = {{"api.local", {"::1"}}}}, "resolve[\"api.local\"] must be host:port"},
      {{.resolve = {{"api.local:0", {"::1"}}}}, "resolve[\"api.local:0\"] must have a port"},
      {{.resolve = {{"api.local:x", {"::1"}}}}, "resolve[\"api.local:x\"] must have a port"},
      {{.resolve = {{"api.local:65536", {"::1"}}}}, "resolve[\"api.local:65536\"] must have a port"},
      {{.resolve = {{"::1:80", {"::1"}}}}, "resolve[\"::1:80\"] must have brackets"},
      {{.resolve = {{"a b:80", {"::1"}}}}, "resolve[\"a b:80\"] must name a host"},
      {{.resolve = {{"a:80", {}}}}, "resolve[\"a:80\"] must have 1 to 16 addresses"},
      {{.resolve = {{"a:80", Texts(17, "::1")}}}, "resolve[\"a:80\"] must have 1 to 16 addresses"},
      {{.resolve = {{"a:80", {"b"}}}}, "resolve[\"a:80\"]: \"b\" is no IP address"},
      {{.pool = {.dial = {.resolver = nullptr}}}, "pool.dial.resolver"},
      {{.pool = {.dial = {.keep_addresses = -1ms}}}, "pool.dial.keep_addresses"},
      {{.pool = {.dial = {.max_lookups = 0}}}, "pool.dial.max_lookups"},
      {{.pool = {.dial = {.attempt_delay = 9ms}}}, "pool.dial.attempt_delay"},
      {{.pool = {.dial = late_probe}}, "pool.dial.tcp_keep_alive.idle"},
      {{.pool = {.dial = no_interval}}, "pool.dial.tcp_keep_alive.interval"},
      {{.pool = {.dial = no_probe}}, "pool.dial.tcp_keep_alive.probes"},
  };
  for (const auto& c : cases) EXPECT_THAT(complaint(c.options), HasSubstr(c.named));
  EXPECT_EQ(complaint({.resolve = {{"[::1]:80", {"127.0.0.1"}}}, .local_address = "::1", .interface = "lo"}),
            "none");
}

}  // namespace
}  // namespace headway::testing
