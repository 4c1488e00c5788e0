// SPDX-License-Identifier: BSL-1.0

// Requests through proxies, as a program asks for them: who is told what, what is shared, and what is
// refused.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>
#include <headway/testing/reserved_port.hpp>

#include <gmock/gmock.h>

#include <atomic>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Proxies : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, Proxies, all_flavours(), flavour_name);

std::string at(const LoopbackServer& server, const std::string& login = {},
               const std::string& scheme = "http") {
  return scheme + "://" + login + (login.empty() ? "" : "@") + "127.0.0.1:" + std::to_string(server.port());
}

constexpr const char* asks_basic = "Proxy-Authenticate: Basic realm=\"x\"\r\n";
constexpr const char* asks_digest = "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"\r\n";

/// Serves those that say who they are; asks the others with `field`.
Handler wants_login(Recorder& recorder, std::string field) {
  return keep_alive([&recorder, field = std::move(field)](const ReceivedRequest& request) {
    recorder.add(request);
    return request.header("Proxy-Authorization") ? response(200, "served") : response(407, "who?", field);
  });
}

/// Refuses every tunnel with these bytes.
Handler refuse(std::string bytes) { return answer_and_close(std::move(bytes)); }

TEST_P(Proxies, get_plain_requests_whole) {  // scenarios 119, 121
  Recorder recorder;
  LoopbackServer proxy(record(recorder));
  headway::Client client{{.proxy = {.url = at(proxy)}}};
  const Outcome outcome = get(client, "http://user:secret@origin.test:8080/path?query#part");
  ASSERT_FALSE(outcome.error) << outcome.error.message();
  EXPECT_EQ(outcome.response.body, "recorded");
  EXPECT_EQ(outcome.response.info.effective_url, "http://origin.test:8080/path?query#part");
  const ReceivedRequest request = recorder.last();
  EXPECT_EQ(request.target, "http://origin.test:8080/path?query");
  EXPECT_EQ(request.header("Host"), "origin.test:8080");
  EXPECT_EQ(request.count("Proxy-Authorization"), 0);
  EXPECT_THAT(request.raw, Not(HasSubstr("secret")));
}

TEST_P(Proxies, get_requests_of_every_method_and_body) {  // scenario 119
  Recorder recorder;
  LoopbackServer proxy(record(recorder));
  headway::Client client{{.proxy = {.url = at(proxy)}}};
  const Outcome outcome =
      ask(client, {.method = "POST", .url = "http://[::1]/", .headers = {{"X-A", "b"}}, .body = "body"});
  ASSERT_FALSE(outcome.error) << outcome.error.message();
  EXPECT_EQ(recorder.last().method, "POST");
  EXPECT_EQ(recorder.last().target, "http://[::1]/");
  EXPECT_EQ(recorder.last().header("X-A"), "b");
  EXPECT_EQ(recorder.last().body, "body");
}

TEST_P(Proxies, share_their_connections_among_all_hosts) {  // pool rule 2, scenario 61
  LoopbackServer proxy(echo_target());
  headway::Client client{{.proxy = {.url = at(proxy)}}};
  EXPECT_EQ(get(client, "http://a.test/").response.body, "http://a.test/");
  EXPECT_EQ(get(client, "http://b.test/x").response.body, "http://b.test/x");
  EXPECT_EQ(proxy.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Proxies, keep_hosts_apart_where_they_are_to) {  // pool rule 2
  LoopbackServer proxy(echo_target());
  headway::Client client{{.proxy = {.url = at(proxy), .sharing = ProxySharing::by_origin}}};
  EXPECT_EQ(get(client, "http://a.test/").response.body, "http://a.test/");
  EXPECT_EQ(get(client, "http://b.test/").response.body, "http://b.test/");
  EXPECT_EQ(get(client, "http://a.test/").response.body, "http://a.test/");
  EXPECT_EQ(proxy.connections_accepted(), 2);
}

TEST_P(Proxies, never_mix_logins_nor_what_goes_direct) {  // pool rules 1, 2, scenario 61
  LoopbackServer server(echo_target());
  const auto pool = std::make_shared<PoolingConnectionManager>();
  headway::Client none{pool}, direct_proxy{pool, {.proxy = {.url = at(server)}}},
      ann{pool, {.proxy = {.url = at(server, "ann:a")}}}, bob{pool, {.proxy = {.url = at(server, "bob:b")}}};
  for (headway::Client* client : {&none, &direct_proxy, &ann, &bob})
    EXPECT_FALSE(get(*client, server.url("/x")).error);
  EXPECT_EQ(server.connections_accepted(), 4);
}

TEST_P(Proxies, are_told_a_login_once_they_ask_on_the_same_connection) {  // pool rule 62, scenario 119
  Recorder recorder;
  LoopbackServer proxy(wants_login(recorder, asks_basic));
  headway::Client client{{.proxy = {.url = at(proxy, "user%40home:pa%3Ass")}}};
  for (const char* path : {"1", "2"}) {
    const Outcome outcome = get(client, std::string("http://a.test/") + path);
    ASSERT_FALSE(outcome.error) << outcome.error.message();
    EXPECT_EQ(outcome.response.body, "served");
  }
  const auto requests = recorder.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].count("Proxy-Authorization"), 0);
  EXPECT_EQ(requests[1].header("Proxy-Authorization"), "Basic dXNlckBob21lOnBhOnNz");
  EXPECT_EQ(requests[2].header("Proxy-Authorization"), "Basic dXNlckBob21lOnBhOnNz");
  EXPECT_EQ(proxy.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Proxies, are_told_a_login_on_a_new_connection_where_they_close) {  // scenario 119
  Recorder recorder;
  LoopbackServer proxy(wants_login(recorder, std::string(asks_basic) + "Connection: close\r\n"));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  const Outcome outcome = ask(client, {.method = "POST", .url = "http://a.test/", .body = "body"});
  ASSERT_FALSE(outcome.error) << outcome.error.message();
  EXPECT_EQ(outcome.response.body, "served");
  EXPECT_EQ(recorder.last().body, "body");
  EXPECT_EQ(proxy.connections_accepted(), 2);
}

TEST_P(Proxies, get_a_large_body_again_on_a_new_connection) {  // as they may not read the first to its end
  Recorder recorder;
  LoopbackServer proxy(wants_login(recorder, asks_basic));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  const std::string body(100'000, 'x');
  const Outcome outcome = ask(client, {.method = "PUT", .url = "http://a.test/", .body = body});
  EXPECT_EQ(outcome.response.body, "served") << outcome.error.message();
  EXPECT_EQ(recorder.last().body, body);
  EXPECT_EQ(proxy.connections_accepted(), 2);
}

TEST_P(Proxies, get_digests_for_the_uri_as_it_stands_in_the_request) {  // scenario 119
  Recorder recorder;
  LoopbackServer proxy(wants_login(recorder, asks_digest));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  ASSERT_FALSE(get(client, "http://a.test/x?y").error);
  const std::string sent = recorder.last().header("Proxy-Authorization").value_or("");
  EXPECT_THAT(sent, AllOf(StartsWith("Digest username=\"user\""), HasSubstr("uri=\"http://a.test/x?y\""),
                          HasSubstr("nc=00000001"), Not(HasSubstr("secret"))));
}

TEST_P(Proxies, that_accept_no_login_have_the_last_word) {  // scenario 119
  LoopbackServer proxy(answer(response(407, "no", asks_basic)));
  headway::Client client{{.proxy = {.url = at(proxy, "user:wrong")}}};
  const Outcome outcome = get(client, "http://a.test/");
  ASSERT_FALSE(outcome.error) << outcome.error.message();
  EXPECT_EQ(outcome.response.status, 407);
  EXPECT_EQ(outcome.response.body, "no");
  EXPECT_EQ(proxy.requests_received(), 2);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Proxies, that_find_every_nonce_stale_are_asked_four_times) {  // scenario 120
  LoopbackServer proxy(
      answer(response(407, "no", "Proxy-Authenticate: Digest realm=r, nonce=n, qop=auth, stale=true\r\n")));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  EXPECT_EQ(get(client, "http://a.test/").response.status, 407);
  EXPECT_EQ(proxy.requests_received(), 4);
}

TEST_P(Proxies, do_not_get_a_body_again_that_can_be_read_but_once) {  // pool rule 51
  Recorder recorder;
  LoopbackServer proxy(wants_login(recorder, asks_basic));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  auto left = std::make_shared<std::atomic<int>>(1);
  const Body once = Body::stream([left](std::span<char> into, std::error_code&) -> std::size_t {
    if (left->fetch_sub(1) <= 0) return 0;
    into[0] = 'x';
    return 1;
  });
  const Outcome outcome = ask(client, {.method = "POST", .url = "http://a.test/", .body = once});
  ASSERT_FALSE(outcome.error) << outcome.error.message();
  EXPECT_EQ(outcome.response.status, 407);
}

TEST_P(Proxies, that_send_an_endless_challenge_are_left) {  // pool rule 61
  const std::string endless = "HTTP/1.1 407 Who\r\n" + std::string(asks_basic) + "\r\n";
  LoopbackServer proxy(in_turn({[&](Peer& peer) {
                                  if (!peer.read_request()) return;
                                  const std::string block(10'000, 'x');
                                  for (bool open = peer.write(endless); open;) open = peer.write(block);
                                },
                                keep_alive([](const ReceivedRequest&) { return response(200, "served"); })}));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  EXPECT_EQ(get(client, "http://a.test/").response.body, "served");
  EXPECT_EQ(proxy.connections_accepted(), 2);
  EXPECT_TRUE(proxy.wait_for_closed_connections(1));
}

TEST_P(Proxies, that_refuse_a_tunnel_say_why) {  // pool rules 60, 61, scenario 120
  LoopbackServer proxy(refuse(response(403, "not this host")));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  const Outcome outcome = get(client, "https://a.test/");
  EXPECT_EQ(outcome.error, Error::proxy_refused);
  EXPECT_EQ(outcome.error, Condition::proxy);
  EXPECT_TRUE(outcome.tried(1));
  if (GetParam() == Flavour::error_code || GetParam() == Flavour::callback) {
    EXPECT_EQ(outcome.response.info.proxy_refusal.status, 403);
    EXPECT_EQ(outcome.response.info.proxy_refusal.body, "not this host");
  }
  if (GetParam() == Flavour::throwing) {
    EXPECT_THAT(outcome.what, AllOf(HasSubstr("403"), HasSubstr("proxy http://127.0.0.1:"),
                                    Not(HasSubstr("secret")), Not(HasSubstr("user"))));
  }
  EXPECT_TRUE(proxy.wait_for_closed_connections(1));
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Proxies, that_refuse_every_login_for_a_tunnel_are_told_apart) {  // scenario 120
  LoopbackServer proxy(answer(response(407, "who?", asks_basic)));
  headway::Client client{{.proxy = {.url = at(proxy, "user:secret")}}};
  EXPECT_EQ(get(client, "https://a.test/").error, Error::proxy_authentication_failed);
  EXPECT_TRUE(proxy.wait_for_closed_connections(1));
}

TEST_P(Proxies, that_stall_are_left_at_the_connect_timeout) {  // pool rule 55, scenario 120
  LoopbackServer proxy([](Peer& peer) { peer.stall(); });
  for (const char* scheme : {"http", "socks5h"}) {
    headway::Client client{{.timeouts = {.connect = 20ms},
                            .proxy = {.url = at(proxy, {}, scheme)},
                            .retry_strategy = NeverRetry{}}};
    EXPECT_EQ(get(client, "https://a.test/").error, Error::connect_timeout) << scheme;
    EXPECT_TRUE(pool_is_whole(client));
  }
}

TEST_P(Proxies, that_are_not_there_are_named) {
  const ReservedPort port;
  const std::string url = "127.0.0.1:" + std::to_string(port.number());
  headway::Client client{{.proxy = {.url = "http://user:secret@" + url}, .retry_strategy = NeverRetry{}}};
  const Outcome outcome = get(client, "http://a.test/");
  EXPECT_EQ(outcome.error, Error::connection_refused);
  if (GetParam() == Flavour::throwing) {
    EXPECT_THAT(outcome.what, AllOf(HasSubstr("proxy http://" + url), Not(HasSubstr("secret"))));
  }
}

TEST_P(Proxies, are_not_taken_for_what_no_proxy_names) {  // scenario 125
  LoopbackServer proxy(echo_target()), origin(echo_target());
  headway::Client client{{.proxy = {.url = at(proxy), .no_proxy = "127.0.0.0/8"}}};
  EXPECT_EQ(get(client, origin.url("/direct")).response.body, "/direct");
  EXPECT_EQ(get(client, "http://a.test/").response.body, "http://a.test/");
  EXPECT_EQ(origin.connections_accepted(), 1);
}

TEST_P(Proxies, are_chosen_by_scheme) {  // scenario 125
  LoopbackServer plain(echo_target()), tunnels(refuse(response(502, "")));
  headway::Client client{{.proxy = {.url = "http://unused.test", .http = at(plain), .https = at(tunnels)}}};
  EXPECT_EQ(get(client, "http://a.test/").response.body, "http://a.test/");
  EXPECT_EQ(get(client, "https://a.test/").error, Error::proxy_refused);
}

TEST_P(Proxies, are_chosen_by_a_hook) {
  LoopbackServer one(echo_target()), origin(echo_target());
  headway::Client client{
      {.proxy = {.no_proxy = "*", .choose = [&](const Url& url) -> std::string {
                   return url.host() == "a.test" ? at(one) : url.host() == "b.test" ? "ftp://x" : "";
                 }}}};
  EXPECT_EQ(get(client, "http://a.test/").response.body, "http://a.test/");
  EXPECT_EQ(get(client, origin.url("/direct")).response.body, "/direct");
  const Outcome wrong = get(client, "http://b.test/");
  EXPECT_EQ(wrong.error, Error::invalid_option);
  if (GetParam() == Flavour::throwing) {
    EXPECT_THAT(wrong.what, HasSubstr("proxy.choose"));
  }
}

TEST_P(Proxies, chosen_anew_for_each_request_are_all_taken) {
  LoopbackServer proxy(echo_target());
  std::atomic<int> asked = 0;
  headway::Client client{
      {.proxy = {.choose = [&](const Url&) { return at(proxy, "user" + std::to_string(++asked)); }}}};
  for (int i = 0; i < 70; ++i) EXPECT_FALSE(get(client, "http://a.test/").error);
  EXPECT_EQ(proxy.connections_accepted(), 70);
}

TEST_P(Proxies, get_no_credentials_from_the_requests_own_fields) {  // pool rule 62, scenario 121
  Recorder recorder;
  LoopbackServer server(record(recorder));
  headway::Client client;
  const Outcome outcome =
      ask(client, {.url = server.url(), .headers = {{"proxy-authorization", "Basic secret"}}});
  EXPECT_EQ(outcome.error, Error::invalid_header);
  EXPECT_EQ(server.connections_accepted(), 0);
}

TEST_P(Proxies, keep_their_credentials_from_origins_and_routes) {  // pool rule 62
  Recorder at_proxy, at_origin;
  LoopbackServer proxy(wants_login(at_proxy, asks_basic)), origin(record(at_origin));
  headway::HttpRoute seen;
  headway::Client client{
      {.proxy = {.url = at(proxy, "user:secret"), .no_proxy = "127.0.0.1"},
       .keep_alive_strategy = [&](const ResponseHead& head, const HttpRoute& route) -> Duration {
         if (route.via().proxies.size() == 1) seen = route;
         return DefaultKeepAliveStrategy{}(head, route);
       }}};
  EXPECT_EQ(get(client, "http://a.test/").response.body, "served");
  EXPECT_EQ(get(client, origin.url()).response.body, "recorded");
  EXPECT_THAT(at_origin.last().raw, Not(HasSubstr("Proxy-")));
  EXPECT_THAT(seen.str(),
              AllOf(HasSubstr("via http://127.0.0.1:"), Not(HasSubstr("secret")), Not(HasSubstr("user"))));
}

TEST_P(Proxies, that_drop_an_idle_connection_cost_no_request) {  // pool rule 45
  LoopbackServer proxy(answer_and_close(response(200, "once")));
  headway::Client client{{.proxy = {.url = at(proxy)}}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(client, "http://a.test/").response.body, "once");
}

TEST(ProxyOptions, that_are_malformed_are_named_when_the_client_is_made) {  // scenario 125
  const std::pair<Proxy, const char*> table[] = {
      {{.url = "ftp://u:secret@p"}, "proxy.url has a malformed scheme"},
      {{.http = "http://u:secret@p:99999"}, "proxy.http has a malformed host or port"},
      {{.https = "http://u:secret@p/secret"}, "proxy.https has a malformed path"},
      {{.url = "socks5://:secret@p"}, "proxy.url has a malformed user name"},
      {{.no_proxy = "a.test,10.0.0.0/99"}, "proxy.no_proxy: \"10.0.0.0/99\" is malformed"},
  };
  for (const auto& [proxy, expected] : table) {
    try {
      const headway::Client client{{.proxy = proxy}};
      ADD_FAILURE() << expected;
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), Condition::usage);
      EXPECT_THAT(error.what(), AllOf(StartsWith(expected), Not(HasSubstr("secret"))));
    }
  }
}

}  // namespace
}  // namespace headway::testing
