// SPDX-License-Identifier: BSL-1.0

// https through proxies, and proxies that speak TLS themselves.

#include "tests/tls/tls_test.hpp"

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ProxiesAndTls : public TlsTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, ProxiesAndTls, all_flavours(), flavour_name);

std::string url_of(const LoopbackServer& server, const std::string& scheme = "http://") {
  return scheme + "127.0.0.1:" + std::to_string(server.port());
}

/// A proxy that answers CONNECT with `answers` in turn, and behind the last of them is the origin itself.
Handler tunnel(Recorder& outside, Recorder& inside, const TlsServerSettings& settings,
               std::vector<std::string> answers) {
  return [&outside, &inside, &settings, answers = std::move(answers)](Peer& peer) {
    for (const std::string& answer : answers) {
      const auto request = peer.read_request();
      if (!request) return;
      outside.add(*request);
      peer.write(answer);
    }
    TlsPeer tls(peer, settings);
    if (!tls.handshake()) return;
    while (const auto request = tls.read_request()) {
      inside.add(*request);
      tls.write(response(200, request->target, "Name-Asked-For: " + tls.server_name() + "\r\n"));
    }
  };
}

const std::string ok = "HTTP/1.1 200 Connection established\r\n\r\n";

TEST_P(ProxiesAndTls, keep_a_tunnel_for_its_host) {  // pool rule 62, scenarios 119, 121, 123
  Recorder outside, inside;
  const TlsServerSettings settings(authority.issue({.names = "DNS:a.test"}));
  LoopbackServer proxy(tunnel(outside, inside, settings,
                              {response(407, "who?", "Proxy-Authenticate: Basic realm=\"x\"\r\n"), ok}));
  ClientOptions options = trusting();
  options.proxy.url = url_of(proxy, "http://user:secret@");
  headway::Client client{options};
  for (const char* path : {"/1", "/2"}) {
    const Outcome outcome = get(client, std::string("https://a.test") + path);
    ASSERT_FALSE(outcome.error) << outcome.error.message();
    EXPECT_EQ(outcome.response.body, path);
    EXPECT_EQ(outcome.response.headers["Name-Asked-For"], "a.test");
    EXPECT_EQ(inside.last().target, path);
    EXPECT_THAT(inside.last().raw, Not(HasSubstr("Proxy-")));
  }
  ASSERT_EQ(outside.requests().size(), 2U);
  EXPECT_EQ(outside.last().target, "a.test:443");
  EXPECT_EQ(outside.last().header("Proxy-Authorization"), "Basic dXNlcjpzZWNyZXQ=");
  EXPECT_EQ(proxy.connections_accepted(), 1);
  const HttpRoute route = client.route("https://a.test/");
  EXPECT_EQ(client.pool().stats(route).available, 1U);
  EXPECT_THAT(route.str(), Not(HasSubstr("secret")));
}

TEST_P(ProxiesAndTls, verify_the_target_and_not_the_proxy) {  // pool rules 60, 65, scenario 123
  Recorder outside, inside;
  const TlsServerSettings settings(authority.issue());  // for localhost and 127.0.0.1, as the proxy is
  LoopbackServer proxy(tunnel(outside, inside, settings, {ok}));
  ClientOptions options = trusting();
  options.proxy.url = url_of(proxy);
  headway::Client client{options};
  EXPECT_EQ(get(client, "https://a.test/").error, Error::tls_wrong_host);
  EXPECT_TRUE(proxy.wait_for_closed_connections(1));
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(ProxiesAndTls, give_bytes_behind_the_200_to_tls) {  // pool rule 61, scenario 120
  Recorder outside, inside;
  const TlsServerSettings settings(authority.issue({.names = "DNS:a.test"}));
  LoopbackServer proxy(tunnel(outside, inside, settings, {ok + "HTTP/1.1 200 OK\r\n\r\n"}));
  ClientOptions options = trusting();
  options.proxy.url = url_of(proxy);
  headway::Client client{options};
  EXPECT_EQ(get(client, "https://a.test/").error, Error::tls_not_spoken);
}

TEST_P(ProxiesAndTls, send_plain_requests_to_an_https_proxy_over_tls) {  // scenario 119
  Recorder recorder;
  const TlsServerSettings settings(authority.issue());
  LoopbackServer proxy(over_tls(settings, [&](TlsPeer& tls) {
    while (const auto request = tls.read_request()) {
      recorder.add(*request);
      tls.write(response(200, "forwarded"));
    }
  }));
  ClientOptions options;
  options.proxy.url = url_of(proxy, "https://");
  options.proxy.tls.ca_pem = authority.certificate();
  headway::Client client{options};
  for (const char* url : {"http://a.test/", "http://b.test/"}) {
    const Outcome outcome = get(client, url);
    ASSERT_FALSE(outcome.error) << outcome.error.message();
    EXPECT_EQ(recorder.last().target, url);
  }
  EXPECT_EQ(proxy.connections_accepted(), 1);
}

TEST_P(ProxiesAndTls, leave_an_https_proxy_that_stalls_at_the_connect_timeout) {  // pool rule 55
  LoopbackServer proxy([](Peer& peer) { peer.stall(); });
  ClientOptions options;
  options.proxy.url = url_of(proxy, "https://");
  options.timeouts.connect = 20ms;
  options.retry_strategy = NeverRetry{};
  headway::Client client{options};
  EXPECT_EQ(get(client, "http://a.test/").error, Condition::timeout);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST(ProxyTlsOptions, are_named_as_the_proxys) {
  try {
    const headway::Client client{{.proxy = {.url = "https://p", .tls = {.ciphers = "nonsense"}}}};
    FAIL() << "no such cipher";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), Condition::usage);
    EXPECT_THAT(error.what(), HasSubstr("proxy.tls.ciphers"));
  }
}

}  // namespace
}  // namespace headway::testing
