// SPDX-License-Identifier: BSL-1.0

// Requests through real proxies: squid and danted.

#include "tests/support/proxy_servers.hpp"

#include "src/connect/connector.hpp"
#include "src/connect/transport_io.hpp"
#include "src/drive/blocking_waiter.hpp"
#include "tests/client/client_fixture.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_peer.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <vector>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ProxyServers : public ClientTest {
 protected:
  /// They take a while to start, so all tests share them.
  static Squid& squid(Squid::Login login) {
    auto& one = squids[login];
    if (!one) one = std::make_unique<Squid>(login);
    return *one;
  }
  static Dante& dante(Dante::Login login) {
    auto& one = dantes[login];
    if (!one) one = std::make_unique<Dante>(login);
    return *one;
  }
  static void TearDownTestSuite() {
    squids.clear();
    dantes.clear();
  }

  static inline std::map<Squid::Login, std::unique_ptr<Squid>> squids;
  static inline std::map<Dante::Login, std::unique_ptr<Dante>> dantes;
};
INSTANTIATE_TEST_SUITE_P(Flavours, ProxyServers, all_flavours(), flavour_name);

/// What `url`'s server answers to a GET by hand through a tunnel of the proxy; the error's text where there
/// is none.
std::string get_through_tunnel(const std::string& proxy, const LoopbackServer& server) {
  const HttpRoute route("http", "127.0.0.1", server.port(), {.proxies = {proxy}});
  const auto connector = connect::make_connector(DialOptions{}, system_clock());
  drive::BlockingWaiter waiter(system_clock());
  connect::Dialled dialled = connector->connect(route, {.connect = 10s, .tls_handshake = 10s}).run(waiter);
  if (dialled.error) return dialled.error.message() + ": " + dialled.detail;
  const std::string request = "GET /tunnel HTTP/1.1\r\nHost: a\r\n\r\n";
  const TimePoint deadline = after(system_clock().now(), patience);
  std::error_code ec = connect::write_all(*dialled.transport, request, deadline).run(waiter);
  std::array<char, 4096> answer{};
  std::size_t n = 0;
  if (!ec) ec = connect::read_some(*dialled.transport, answer, n, deadline).run(waiter);
  return ec ? ec.message() : std::string(answer.data(), n);
}

TEST_P(ProxyServers, squid_sends_plain_requests_on) {  // scenario 119
  Recorder recorder;
  LoopbackServer origin(record(recorder));
  headway::Client client{{.proxy = {.url = squid(Squid::Login::none).url()}}};
  for (const char* path : {"/one", "/two?x=%20"}) {
    const Outcome outcome = get(client, origin.url(path));
    ASSERT_FALSE(outcome.error) << outcome.error.message();
    EXPECT_EQ(outcome.response.body, "recorded");
    EXPECT_EQ(recorder.last().target, path);
    EXPECT_THAT(recorder.last().header("Via").value_or(""), HasSubstr("squid.test"));
  }
  EXPECT_EQ(client.pool().stats().available, 1U);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(ProxyServers, squid_sends_uploads_on) {  // scenario 119
  LoopbackServer origin(echo_body());
  headway::Client client{{.proxy = {.url = squid(Squid::Login::digest).url("user:secret")}}};
  const std::string body(200'000, 'x');
  const Outcome outcome = ask(client, {.method = "PUT", .url = origin.url(), .body = body});
  ASSERT_FALSE(outcome.error) << outcome.error.message();
  EXPECT_EQ(outcome.response.body, body);
}

TEST_P(ProxyServers, squid_accepts_basic_and_digest_and_tells_no_origin) {  // pool rule 62, scenario 119
  for (const auto login : {Squid::Login::basic, Squid::Login::digest}) {
    Recorder recorder;
    LoopbackServer origin(record(recorder));
    headway::Client client{{.proxy = {.url = squid(login).url("user:secret")}}};
    for (int i = 0; i < 3; ++i) {
      const Outcome outcome = get(client, origin.url());
      ASSERT_FALSE(outcome.error) << outcome.error.message();
      EXPECT_EQ(outcome.response.status, 200);
      EXPECT_EQ(outcome.response.info.attempts, i == 0 ? 2 : 1);
      EXPECT_THAT(recorder.last().raw, Not(HasSubstr("Proxy-Auth")));
    }
  }
}

TEST_P(ProxyServers, squid_accepts_the_digests_of_a_crowd) {  // pool rule 62, scenarios 119, 120
  constexpr int threads = 16, requests = 40;
  LoopbackServer origin(echo_target());
  headway::Client client{{.proxy = {.url = squid(Squid::Login::digest).url("user:secret")}}};
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < threads; ++i) {
      crowd.emplace_back([&] {
        for (int k = 0; k < requests; ++k) {
          const Outcome outcome = get(client, origin.url("/k"));
          if (outcome.response.status == 200 && outcome.response.body == "/k") ++answered;
        }
      });
    }
  }
  EXPECT_EQ(answered, threads * requests);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(ProxyServers, squid_refuses_wrong_passwords) {  // scenario 119
  LoopbackServer origin(echo_target());
  for (const auto login : {Squid::Login::basic, Squid::Login::digest}) {
    headway::Client client{{.proxy = {.url = squid(login).url("user:wrong")}}};
    EXPECT_EQ(get(client, origin.url()).response.status, 407);
    EXPECT_EQ(get(client, "https://a.test/").error, Error::proxy_authentication_failed);
  }
  EXPECT_EQ(origin.connections_accepted(), 0);
}

TEST_P(ProxyServers, squid_says_which_tunnels_it_refuses) {  // pool rule 61, scenario 120
  headway::Client client{{.proxy = {.url = squid(Squid::Login::none).url()}}};
  const Outcome outcome = get(client, "https://forbidden.test/");
  EXPECT_EQ(outcome.error, Error::proxy_refused);
  if (GetParam() == Flavour::error_code || GetParam() == Flavour::callback) {
    EXPECT_EQ(outcome.response.info.proxy_refusal.status, 403);
    EXPECT_THAT(outcome.response.info.proxy_refusal.body, HasSubstr("html"));
  }
}

TEST(ProxyTunnels, of_squid_carry_what_they_are_given) {  // pool rule 62, scenarios 119, 121
  Recorder recorder;
  LoopbackServer origin(record(recorder));
  const Squid none(Squid::Login::none), basic(Squid::Login::basic), digest(Squid::Login::digest);
  for (const std::string& proxy : {none.url(), basic.url("user:secret"), digest.url("user:secret")}) {
    EXPECT_THAT(get_through_tunnel(proxy, origin), HasSubstr("recorded")) << proxy;
    EXPECT_EQ(recorder.last().raw, "GET /tunnel HTTP/1.1\r\nHost: a\r\n\r\n");
  }
}

TEST_P(ProxyServers, squid_and_danted_tunnel_https) {  // pool rule 62, scenario 119
  Authority authority;
  const TlsServerSettings settings(authority.issue());
  LoopbackServer origin(over_tls(settings, echo_targets));
  const std::string url = "https://127.0.0.1:" + std::to_string(origin.port()) + "/in";
  for (const std::string& proxy :
       {squid(Squid::Login::none).url(), squid(Squid::Login::basic).url("user:secret"),
        squid(Squid::Login::digest).url("user:secret"), dante(Dante::Login::none).url("socks5h")}) {
    headway::Client client{{.tls = {.ca_pem = authority.certificate()}, .proxy = {.url = proxy}}};
    EXPECT_EQ(get(client, url).response.body, "/in") << proxy;
    EXPECT_TRUE(get(client, url).response.info.connection_reused);
  }
}

TEST_P(ProxyServers, squid_is_an_https_proxy_for_http_and_https) {  // scenario 119
  Authority of_proxy, of_origin;
  const TlsServerSettings settings(of_origin.issue());
  LoopbackServer secure(over_tls(settings, echo_targets)), plain(echo_target());
  const Squid proxy(of_proxy.issue().both());
  headway::Client client{{.tls = {.ca_pem = of_origin.certificate()},
                          .proxy = {.url = proxy.url(), .tls = {.ca_pem = of_proxy.certificate()}}}};
  EXPECT_EQ(get(client, plain.url("/http")).response.body, "/http");
  const std::string url = "https://127.0.0.1:" + std::to_string(secure.port());
  for (const char* path : {"/1", "/2"}) EXPECT_EQ(get(client, url + path).response.body, path);
  EXPECT_EQ(secure.connections_accepted(), 1);
  headway::Client strict{{.proxy = {.url = proxy.url()}}};
  EXPECT_EQ(get(strict, plain.url()).error, Error::tls_unknown_issuer);
}

TEST_P(ProxyServers, danted_opens_tunnels_to_addresses_and_names) {  // scenario 124
  Recorder recorder;
  LoopbackServer origin(record(recorder));
  for (const char* scheme : {"socks5", "socks5h"}) {
    headway::Client client{{.proxy = {.url = dante(Dante::Login::none).url(scheme)}}};
    for (const std::string& url :
         {origin.url("/a"), "http://localhost:" + std::to_string(origin.port()) + "/a"}) {
      const Outcome outcome = get(client, url);
      ASSERT_FALSE(outcome.error) << scheme << ' ' << url << ": " << outcome.error.message();
      EXPECT_EQ(outcome.response.body, "recorded");
      EXPECT_EQ(recorder.last().target, "/a");
    }
  }
}

TEST_P(ProxyServers, danted_keeps_a_tunnel_for_the_next_request) {
  LoopbackServer origin(echo_target());
  headway::Client client{{.proxy = {.url = dante(Dante::Login::none).url("socks5")}}};
  EXPECT_EQ(get(client, origin.url("/1")).response.body, "/1");
  const Outcome second = get(client, origin.url("/2"));
  EXPECT_EQ(second.response.body, "/2");
  EXPECT_TRUE(second.response.info.connection_reused);
  EXPECT_EQ(origin.connections_accepted(), 1);
}

TEST_P(ProxyServers, danted_accepts_a_password_and_refuses_another) {  // scenario 124
  if (!Dante::can_ask_for_passwords()) GTEST_SKIP() << "no mount namespace";
  LoopbackServer origin(echo_target());
  const Dante& proxy = dante(Dante::Login::password);
  headway::Client good{{.proxy = {.url = proxy.url("socks5h", "socksuser:secret")}}};
  EXPECT_EQ(get(good, origin.url("/in")).response.body, "/in");
  headway::Client bad{{.proxy = {.url = proxy.url("socks5h", "socksuser:wrong")}}};
  EXPECT_EQ(get(bad, origin.url()).error, Error::proxy_authentication_failed);
  headway::Client nobody{{.proxy = {.url = proxy.url("socks5h")}}};
  EXPECT_EQ(get(nobody, origin.url()).error, Error::proxy_authentication_failed);
}

TEST_P(ProxyServers, danted_says_that_nobody_listens) {  // scenario 124
  const ReservedPort port;
  headway::Client client{
      {.proxy = {.url = dante(Dante::Login::none).url("socks5")}, .retry_strategy = NeverRetry{}}};
  EXPECT_EQ(get(client, "http://127.0.0.1:" + std::to_string(port.number())).error,
            Error::connection_refused);
}

}  // namespace
}  // namespace headway::testing
