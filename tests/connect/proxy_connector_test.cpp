// SPDX-License-Identifier: BSL-1.0

// The talk with a proxy, wait by wait, and what hostile proxies make of it.

#include "src/connect/proxy_connector.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/op_script.hpp"
#include "tests/support/scripted_connector.hpp"

#include <headway/testing/gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace headway::connect {
namespace {

using testing::Fault;
using testing::Gate;
using testing::ManualClock;
using testing::ScriptedConnector;
using testing::ScriptedPeer;
using namespace std::chrono_literals;
using namespace std::string_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Dialling = testing::OpScript<Dialled>;

constexpr DialTimeouts timeouts{.connect = 10s, .tls_handshake = 5s};
const std::string ok = "HTTP/1.1 200 Connection established\r\n\r\n";
const std::string asks_basic =
    "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 3\r\n\r\nwho";

class ProxyConnectorTest : public ::testing::Test {
 protected:
  ProxyConnectorTest() { below->answer_at_once(); }

  static HttpRoute to(const std::string& proxy, const std::string& host = "a.test") {
    return {"http", host, 8080, {.proxies = {proxy}}};
  }
  /// Runs a dial whose proxy answers with `answer` as soon as it is asked.
  Dialled connect(const std::string& proxy, std::vector<std::string> answers) {
    below->answer_by_hand();
    Dialling script(connector.connect(to(proxy), timeouts), clock);
    ScriptedPeer& peer = *below->dial(0).peer;
    for (std::string& answer : answers) peer.deliver(std::move(answer));
    below->dial(0).succeed();
    script.run_signalled();
    if (proxy.starts_with("socks5:")) finish_look_up(script);
    while (!script.done()) script.advance(10s);
    return script.result();
  }
  /// Look-ups have threads of their own.
  static void finish_look_up(Dialling& script) {
    EXPECT_TRUE(testing::eventually([&] { return script.run_signalled().done(); }));
  }
  std::string written(std::size_t dial = 0) const { return below->dial(dial).peer->written(); }

  ManualClock clock;
  const std::shared_ptr<ScriptedConnector> below = std::make_shared<ScriptedConnector>();
  /// A look-up may outlive the test, on its own thread.
  struct LookUps {
    Gate gate;
    std::atomic<int> count = 0;
  };
  const std::shared_ptr<LookUps> look_ups = std::make_shared<LookUps>();
  const DialOptions options{
      .resolver = [look_ups = look_ups](const std::string&) -> std::vector<std::string> {
        ++look_ups->count;
        look_ups->gate.wait();
        return {"192.0.2.7"};
      }};
  const std::shared_ptr<Names> names = std::make_shared<Names>(options, clock);
  ProxyConnector connector{below, names};
};

TEST_F(ProxyConnectorTest, leaves_routes_without_a_proxy_alone) {
  Dialling script(connector.connect(HttpRoute("https", "a.test"), timeouts), clock);
  EXPECT_FALSE(script.result().error);
  EXPECT_EQ(below->dial(0).route.str(), "https://a.test:443");
}

TEST_F(ProxyConnectorTest, dials_a_proxy_that_sends_requests_on_and_says_nothing_to_it) {
  HttpRoute route("http", "a.test", 80,
                  {.proxies = {"http://u:secret@p:3128"}, .proxy_use = ProxyUse::forward});
  Dialling script(connector.connect(route, timeouts), clock);
  EXPECT_FALSE(script.result().error);
  EXPECT_EQ(below->dial(0).route.str(), "http://p:3128");
  EXPECT_EQ(written(), "");
}

TEST_F(ProxyConnectorTest, asks_for_a_tunnel_and_hands_out_its_far_end) {  // scenarios 119, 122
  Dialled dialled = connect("http://p:3128", {ok});
  ASSERT_FALSE(dialled.error) << dialled.detail;
  EXPECT_EQ(below->dial(0).route.str(), "http://p:3128");
  EXPECT_THAT(written(), AllOf(StartsWith("CONNECT a.test:8080 HTTP/1.1\r\nHost: a.test:8080\r\n"
                                          "User-Agent: headway/"),
                               Not(HasSubstr("Proxy-Authorization"))));
  EXPECT_TRUE(dialled.transport->is_raw());
}

TEST_F(ProxyConnectorTest, gives_bytes_behind_the_answer_to_whoever_uses_the_tunnel) {  // pool rule 61
  Dialled dialled = connect("http://p", {ok + "hello"});
  ASSERT_FALSE(dialled.error);
  EXPECT_FALSE(dialled.transport->is_raw());
  EXPECT_EQ(dialled.transport->look(), core::Transport::Idle::surplus);
  std::array<char, 3> three{};
  std::string read;
  for (const std::size_t expected : {3U, 2U}) {
    const core::IoResult got = dialled.transport->read(three);
    ASSERT_EQ(got.bytes, expected);
    read.append(three.data(), got.bytes);
  }
  EXPECT_EQ(read, "hello");
  EXPECT_TRUE(dialled.transport->is_raw());
  EXPECT_EQ(dialled.transport->read(three).kind, core::IoResult::Kind::want_readable);
}

TEST_F(ProxyConnectorTest, reads_an_answer_that_comes_byte_by_byte_behind_informational_ones) {
  std::vector<std::string> bytes;
  for (const char c : "HTTP/1.1 100 Continue\r\n\r\n" + ok) bytes.emplace_back(1, c);
  EXPECT_FALSE(connect("http://p", bytes).error);
}

TEST_F(ProxyConnectorTest, ignores_the_framing_of_a_2xx) {  // RFC 9110 section 9.3.6
  Dialled dialled = connect("http://p", {"HTTP/1.1 204 Fine\r\nContent-Length: 5\r\n\r\nhello"});
  ASSERT_FALSE(dialled.error) << dialled.error.message();
  std::array<char, 8> room{};
  EXPECT_EQ(dialled.transport->read(room).bytes, 5U);
}

TEST_F(ProxyConnectorTest, reports_a_refusal_with_status_and_body) {  // pool rules 60, 61, scenario 120
  const Dialled dialled =
      connect("http://u:secret@p", {"HTTP/1.1 403 No way\r\nContent-Length: 6\r\n\r\nforbid"});
  EXPECT_EQ(dialled.error, Error::proxy_refused);
  EXPECT_EQ(dialled.error, Condition::proxy);
  EXPECT_EQ(dialled.refusal.status, 403);
  EXPECT_EQ(dialled.refusal.body, "forbid");
  EXPECT_EQ(dialled.detail, "proxy http://p:80: CONNECT: 403 No way");
  EXPECT_EQ(dialled.transport, nullptr);
  EXPECT_TRUE(below->dial(0).peer->closed());
}

TEST_F(ProxyConnectorTest, keeps_4_kib_of_a_refusals_body_and_waits_a_second_for_it) {  // pool rule 61
  const Dialled large = connect("http://p", {"HTTP/1.1 502 Bad\r\n\r\n" + std::string(100'000, 'x')});
  EXPECT_EQ(large.refusal.body, std::string(4096, 'x'));
}

TEST_F(ProxyConnectorTest, does_not_wait_for_a_refusals_body_for_long) {  // pool rule 61
  Dialling script(connector.connect(to("http://p"), timeouts), clock);
  below->dial(0).peer->deliver("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\npart");
  script.resume().wants_read(Phase::connect, 1s).advance(1s).ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::proxy_refused);
  EXPECT_EQ(dialled.refusal.body, "part");
}

TEST_F(ProxyConnectorTest, logs_in_on_the_same_connection) {  // pool rule 62, scenario 120
  const Dialled dialled = connect("http://user:secret@p", {asks_basic, ok});
  ASSERT_FALSE(dialled.error) << dialled.detail;
  EXPECT_EQ(below->dials(), 1U);
  const auto& writes = below->dial(0).peer->writes();
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_THAT(writes[0], Not(HasSubstr("Proxy-Authorization")));
  EXPECT_THAT(writes[1], HasSubstr("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"));
}

TEST_F(ProxyConnectorTest, logs_in_at_once_where_the_proxy_has_asked_before) {
  ASSERT_FALSE(connect("http://user:secret@p", {asks_basic, ok}).error);
  below->answer_at_once();
  Dialling script(connector.connect(to("http://user:secret@p"), timeouts), clock);
  below->dial(1).peer->deliver(ok);
  script.resume().ends();
  EXPECT_THAT(written(1), HasSubstr("\r\nProxy-Authorization: Basic "));
}

TEST_F(ProxyConnectorTest, logs_in_on_another_connection_where_the_proxy_closes) {  // scenario 120
  for (const char* closing : {"Connection: close\r\nContent-Length: 0\r\n", ""}) {
    const auto fresh = std::make_shared<ScriptedConnector>();
    fresh->answer_at_once();
    ProxyConnector tried(fresh, names);
    Dialling script(tried.connect(to("http://user:secret@p"), timeouts), clock);
    fresh->dial(0).peer->deliver("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n" +
                                 std::string(closing) + "\r\n");
    script.resume();
    ASSERT_EQ(fresh->dials(), 2U);
    EXPECT_TRUE(fresh->dial(0).peer->closed());
    fresh->dial(1).peer->deliver(ok);
    script.resume().ends();
    EXPECT_FALSE(script.result().error);
    EXPECT_THAT(fresh->dial(1).peer->written(), HasSubstr("Proxy-Authorization: Basic "));
  }
}

TEST_F(ProxyConnectorTest, logs_in_on_another_connection_where_the_proxy_hangs_up_unannounced) {
  Dialling script(connector.connect(to("http://user:secret@p"), timeouts), clock);
  below->dial(0).peer->deliver(asks_basic);
  below->dial(0).peer->end();
  script.resume();
  ASSERT_EQ(below->dials(), 2U);
  below->dial(1).peer->deliver(ok);
  script.resume().ends();
  EXPECT_FALSE(script.result().error);
}

TEST_F(ProxyConnectorTest, does_not_wait_for_a_challenges_body_for_long) {  // pool rule 61
  Dialling script(connector.connect(to("http://user:secret@p"), timeouts), clock);
  below->dial(0).peer->deliver(
      "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 9\r\n\r\npart");
  script.resume().wants_read(Phase::connect, 1s).advance(1s);
  ASSERT_EQ(below->dials(), 2U);
  below->dial(1).peer->deliver(ok);
  script.resume().ends();
  EXPECT_FALSE(script.result().error);
}

TEST_F(ProxyConnectorTest, takes_its_last_login_to_another_connection_too) {  // scenario 120
  const std::string stale =
      "HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true\r\n";
  Dialling script(connector.connect(to("http://user:secret@p"), timeouts), clock);
  for (const char* rest : {"", "", "Connection: close\r\n"})
    below->dial(0).peer->deliver(stale + rest + "Content-Length: 0\r\n\r\n");
  script.resume();
  ASSERT_EQ(below->dials(), 2U);
  below->dial(1).peer->deliver(ok);
  script.resume().ends();
  EXPECT_FALSE(script.result().error);
}

TEST_F(ProxyConnectorTest, names_the_deadline_that_cut_the_handshake_with_a_proxy) {  // pool rule 55
  for (const auto& [connect, error] :
       {std::pair{Duration(3s), Error::connect_timeout}, {Duration(10s), Error::tls_handshake_timeout}}) {
    Dialling script(connector.connect(to("https://p"), {.connect = connect, .tls_handshake = 5s}), clock);
    script.advance(std::min(connect, Duration(5s))).ends();
    EXPECT_EQ(script.result().error, error);
  }
}

TEST_F(ProxyConnectorTest, gives_up_on_a_proxy_that_accepts_no_login) {  // scenario 120
  const Dialled dialled = connect("http://user:secret@p", {asks_basic, asks_basic});
  EXPECT_EQ(dialled.error, Error::proxy_authentication_failed);
  EXPECT_EQ(dialled.refusal.status, 407);
  EXPECT_EQ(dialled.refusal.body, "who");
  EXPECT_EQ(below->dial(0).peer->writes().size(), 2U);
}

TEST_F(ProxyConnectorTest, gives_up_on_a_proxy_that_wants_a_login_and_there_is_none) {
  EXPECT_EQ(connect("http://p", {asks_basic}).error, Error::proxy_authentication_failed);
}

TEST_F(ProxyConnectorTest, bounds_how_often_a_nonce_may_be_stale) {  // scenario 120
  const std::string stale =
      "HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true\r\n"
      "Content-Length: 0\r\n\r\n";
  const Dialled dialled = connect("http://user:secret@p", std::vector<std::string>(10, stale));
  EXPECT_EQ(dialled.error, Error::proxy_authentication_failed);
  EXPECT_EQ(below->dial(0).peer->writes().size(), 4U);
}

TEST_F(ProxyConnectorTest, bounds_what_a_hostile_proxy_sends) {  // pool rule 61, scenario 120
  const std::pair<std::string, Error> table[] = {
      {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), Error::head_too_large},
      {"SSH-2.0-OpenSSH\r\n", Error::malformed_response},
      {"HTTP/1.1 200 OK\n\n", Error::malformed_response},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", Error::unexpected_upgrade},
      {"HTTP/1.1 403 No\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       Error::ambiguous_framing},
  };
  for (const auto& [answer, error] : table) {
    const auto fresh = std::make_shared<ScriptedConnector>();
    fresh->answer_at_once();
    ProxyConnector tried(fresh, names);
    Dialling script(tried.connect(to("http://p"), timeouts), clock);
    fresh->dial(0).peer->deliver(answer);
    script.resume();
    while (!script.done()) script.advance(10s);
    const Dialled dialled = script.result();
    EXPECT_EQ(dialled.error, error) << answer.substr(0, 30);
    EXPECT_TRUE(fresh->dial(0).peer->closed());
  }
}

struct Talk {
  const char* proxy;
  std::vector<std::string> answers;
  int steps;  // reads and writes
};

const Talk talks[] = {
    {"http://p", {ok}, 2},
    {"http://u:secret@p", {asks_basic, ok}, 4},
    {"socks5h://p", {"\5\0"s, "\5\0\0\1\0"s, "\0\0\0\0\0"s}, 5},
    {"socks5h://u:secret@p", {"\5\2"s, "\1\0"s, "\5\0\0\1\0"s, "\0\0\0\0\0"s}, 7},
};

TEST_F(ProxyConnectorTest, survives_every_fault_at_every_step_within_the_connect_timeout) {  // rules 55, 60
  for (const Talk& talk : talks) {
    for (const auto kind : {Fault::Kind::silence, Fault::Kind::end, Fault::Kind::reset}) {
      for (int step = 1; step <= talk.steps; ++step) {
        const auto fresh = std::make_shared<ScriptedConnector>();
        ProxyConnector tried(fresh, names);
        ManualClock time;
        const TimePoint start = time.now();
        Dialling script(tried.connect(to(talk.proxy), timeouts), time);
        fresh->dial(0).peer->break_at({.kind = kind, .step = step});
        for (const std::string& answer : talk.answers) fresh->dial(0).peer->deliver(answer);
        fresh->dial(0).succeed();
        script.run_signalled();
        for (int i = 0; !script.done() && i < 20; ++i) script.advance(1s);
        ASSERT_TRUE(script.done()) << talk.proxy << " step " << step;
        const Dialled dialled = script.result();
        EXPECT_TRUE(dialled.error) << talk.proxy << " step " << step;
        EXPECT_LE(time.now() - start, 11s) << talk.proxy << " step " << step;
        EXPECT_EQ(dialled.phase, Phase::connect);
        EXPECT_THAT(dialled.detail, AllOf(StartsWith("proxy "), Not(HasSubstr("secret"))));
        EXPECT_TRUE(fresh->dial(0).peer->closed());
        if (kind == Fault::Kind::silence) {
          EXPECT_EQ(dialled.error, Error::connect_timeout);
        }
      }
    }
  }
}

TEST_F(ProxyConnectorTest, shares_one_deadline_among_dial_and_tunnel) {  // pool rule 55
  below->answer_by_hand();
  Dialling script(connector.connect(to("http://p"), timeouts), clock);
  EXPECT_EQ(below->dial(0).timeout, Duration(10s));
  clock.advance(4s);
  below->dial(0).succeed();
  script.run_signalled().wants_read(Phase::connect, 6s).advance(6s).ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  EXPECT_EQ(dialled.detail, "proxy http://p:80: CONNECT");
}

TEST_F(ProxyConnectorTest, names_the_proxy_where_it_cannot_be_reached) {
  below->answer_by_hand();
  Dialling script(connector.connect(to("http://u:secret@p"), timeouts), clock);
  below->dial(0).fail(Error::connection_refused);
  script.run_signalled().ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::connection_refused);
  EXPECT_EQ(dialled.detail, "proxy http://p:80");
}

TEST_F(ProxyConnectorTest, speaks_socks_and_leaves_names_to_the_proxy) {  // scenario 124
  const Dialled dialled = connect("socks5h://p", {"\5\0\5\0\0\3\4name\0\0"s});
  ASSERT_FALSE(dialled.error) << dialled.detail;
  EXPECT_EQ(written(), "\5\1\0"s + "\5\1\0\3\6a.test\x1f\x90"s);
  EXPECT_EQ(look_ups->count, 0);
}

TEST_F(ProxyConnectorTest, looks_names_up_for_socks_where_it_is_to) {  // scenario 124
  look_ups->gate.open();
  ASSERT_FALSE(connect("socks5://p", {"\5\0"s, "\5\0\0\1\0"s, "\0\0\0\0\0"s}).error);
  EXPECT_EQ(look_ups->count, 1);
  EXPECT_EQ(written(), "\5\1\0"s + "\5\1\0\1\xc0\0\2\7\x1f\x90"s);
}

TEST_F(ProxyConnectorTest, asks_socks_for_each_of_a_hosts_addresses) {  // scenario 124
  for (const bool reachable : {true, false}) {
    Gate delivered;  // the look-up's end is all that the dial waits for
    const DialOptions two{.resolver = [&](const std::string&) -> std::vector<std::string> {
      delivered.wait();
      return {"192.0.2.7", "192.0.2.8"};
    }};
    const auto fresh = std::make_shared<ScriptedConnector>();
    fresh->answer_at_once();
    ProxyConnector tried(fresh, std::make_shared<Names>(two, clock));
    Dialling script(tried.connect(to("socks5://p"), timeouts), clock);
    for (const std::string& answer : {"\5\0"s, "\5\4\0\1\0"s}) fresh->dial(0).peer->deliver(answer);
    delivered.open();
    ASSERT_TRUE(testing::eventually([&] {
      script.run_signalled();
      return fresh->dial(0).peer->written().size() > 3;
    }));
    ASSERT_EQ(fresh->dials(), 2U);
    EXPECT_TRUE(fresh->dial(0).peer->closed());
    const std::string last = reachable ? "\5\0\0\1\0"s : "\5\5\0\1\0"s;
    for (const std::string& answer : {"\5\0"s, last, "\0\0\0\0\0"s}) fresh->dial(1).peer->deliver(answer);
    script.resume().ends();
    EXPECT_EQ(fresh->dial(1).peer->written(), "\5\1\0"s + "\5\1\0\1\xc0\0\2\x8\x1f\x90"s);
    const Dialled dialled = script.result();
    EXPECT_EQ(dialled.error, reachable ? std::error_code() : make_error_code(Error::connection_refused));
    if (!reachable) {
      EXPECT_THAT(dialled.detail, HasSubstr("192.0.2.7:8080: SOCKS5: host unreachable, "
                                            "192.0.2.8:8080: SOCKS5: connection refused"));
    }
  }
}

TEST_F(ProxyConnectorTest, does_not_wait_for_a_look_up_beyond_the_connect_timeout) {  // pool rules 55, 56
  Dialling script(connector.connect(to("socks5://p"), timeouts), clock);
  EXPECT_TRUE(look_ups->gate.wait_for_arrivals(1));
  script.wants_signal(Phase::connect, 10s).advance(10s).ends();
  const Dialled dialled = script.result();
  look_ups->gate.open();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  EXPECT_THAT(dialled.detail, HasSubstr("look-up of a.test"));
}

TEST_F(ProxyConnectorTest, logs_in_to_socks) {  // scenario 124
  ASSERT_FALSE(connect("socks5h://user:secret@p", {"\5\2"s, "\1\0"s, "\5\0\0\1\0"s, "\0\0\0\0\0"s}).error);
  EXPECT_THAT(written(), StartsWith("\5\2\0\2"s + "\1\4user\6secret"s));
}

TEST_F(ProxyConnectorTest, says_what_a_socks_proxy_refused) {  // scenario 124
  const std::pair<std::vector<std::string>, std::pair<Error, const char*>> table[] = {
      {{"\5\xff"s}, {Error::proxy_authentication_failed, "SOCKS5"}},
      {{"\5\2"s, "\1\1"s}, {Error::proxy_authentication_failed, "login"}},
      {{"\5\0"s, "\5\1\0\1\0"s}, {Error::proxy_refused, "general failure"}},
      {{"\5\0"s, "\5\2\0\1\0"s}, {Error::proxy_refused, "rules"}},
      {{"\5\0"s, "\5\4\0\1\0"s}, {Error::connect_failed, "host unreachable"}},
      {{"\5\0"s, "\5\5\0\1\0"s}, {Error::connection_refused, "refused"}},
      {{"HTTP/1.1 400"}, {Error::malformed_response, "greeting"}},
      {{"\5\0"s, "garbage!"}, {Error::malformed_response, "request"}},
      {{"\5\2"s, "\5\0"s}, {Error::malformed_response, "login"}},
  };
  for (const auto& [answers, expected] : table) {
    const auto fresh = std::make_shared<ScriptedConnector>();
    fresh->answer_at_once();
    ProxyConnector tried(fresh, names);
    Dialling script(tried.connect(to("socks5h://user:secret@p"), timeouts), clock);
    for (const std::string& answer : answers) fresh->dial(0).peer->deliver(answer);
    script.resume().ends();
    const Dialled dialled = script.result();
    EXPECT_EQ(dialled.error, expected.first) << expected.second;
    EXPECT_THAT(dialled.detail, AllOf(HasSubstr(expected.second), Not(HasSubstr("secret"))));
    EXPECT_TRUE(fresh->dial(0).peer->closed());
  }
}

TEST_F(ProxyConnectorTest, refuses_routes_that_it_cannot_open) {
  Dialling two(connector.connect({"http", "a.test", 80, {.proxies = {"http://p", "http://q"}}}, timeouts),
               clock);
  EXPECT_EQ(two.result().error, Error::invalid_option);
  Dialling bad(connector.connect(to("ftp://u:secret@p"), timeouts), clock);
  const Dialled dialled = bad.result();
  EXPECT_EQ(dialled.error, Error::invalid_option);
  EXPECT_EQ(dialled.detail, "route: proxy: scheme");
  EXPECT_EQ(below->dials(), 0U);
}

}  // namespace
}  // namespace headway::connect
