// SPDX-License-Identifier: BSL-1.0

// What is wrong with a server's certificate or with what it speaks, told apart; never tried twice.

#include "tests/support/temporary_directory.hpp"
#include "tests/tls/tls_test.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace headway::testing {
namespace {

using ::testing::HasSubstr;

class TlsErrors : public TlsTest {
 protected:
  /// What a client with these options makes of a server with these credentials.
  Outcome ask_server(const Credentials& credentials, const ClientOptions& options,
                     const std::string& host = "127.0.0.1", const TlsServerOptions& server_options = {}) {
    const TlsServerSettings settings(credentials, server_options);
    LoopbackServer server(over_tls(settings, &echo_targets));
    const Client client(options);
    const Outcome outcome = ask(const_cast<Client&>(client), {.url = https(server, "/x", host)});
    if (outcome.error) {
      EXPECT_EQ(server.connections_accepted(), 1);
      EXPECT_TRUE(outcome.tried(1));
      EXPECT_TRUE(server.wait_for_closed_connections(1));  // no descriptor is left
    }
    EXPECT_TRUE(pool_is_whole(client));
    return outcome;
  }
  static void expect_said(const Outcome& outcome, const std::string& said) {
    if (outcome.what.empty()) return;  // only the throwing flavour says more than a code
    EXPECT_THAT(outcome.what, HasSubstr(said));
  }
  void expect(Error error, const std::string& said, const Outcome& outcome) {
    EXPECT_EQ(outcome.error, error) << outcome.error.message() << outcome.what;
    EXPECT_EQ(outcome.error, Condition::tls);
    expect_said(outcome, said);
  }
  void expect_refused(Error error, const std::string& said, const CertificateWish& wish) {
    expect(error, said, ask_server(authority.issue(wish), trusting()));
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, TlsErrors, all_flavours(), flavour_name);

TEST_P(TlsErrors, a_certificate_of_a_trusted_issuer_for_the_address_is_good) {
  EXPECT_EQ(ask_server(authority.issue(), trusting()).response.body, "/x");
}

TEST_P(TlsErrors, a_certificate_for_the_name_is_good) {
  EXPECT_EQ(ask_server(authority.issue({.names = "DNS:localhost"}), trusting(), "localhost").response.body,
            "/x");
}

TEST_P(TlsErrors, expired) {  // pool rules 53 and 60
  expect_refused(Error::tls_certificate_expired, "CN = server: certificate has expired",
                 {.valid_from = -48h, .valid_until = -24h});
}

TEST_P(TlsErrors, not_yet_valid) {
  expect_refused(Error::tls_certificate_not_yet_valid, "certificate is not yet valid before ",
                 {.valid_from = 24h, .valid_until = 48h});
}

TEST_P(TlsErrors, self_signed) {
  expect(Error::tls_self_signed, "CN = server: self-signed certificate",
         ask_server(Authority::self_signed(), trusting()));
}

TEST_P(TlsErrors, unknown_issuer) {
  Authority other("another authority");
  expect(Error::tls_unknown_issuer, "unable to get local issuer certificate",
         ask_server(other.issue(), trusting()));
}

TEST_P(TlsErrors, unknown_to_the_system) {  // the default options verify
  expect(Error::tls_unknown_issuer, "unable to get local issuer certificate",
         ask_server(authority.issue(), ClientOptions()));
}

TEST_P(TlsErrors, wrong_host_which_names_the_certificate_has) {  // pool rule 60, scenario 126
  expect_refused(Error::tls_wrong_host, "\"127.0.0.1\", and it is for a.test, *.b.test, 10.0.0.1",
                 {.names = "DNS:a.test,DNS:*.b.test,IP:10.0.0.1"});
}

TEST_P(TlsErrors, wrong_host_for_each_that_waits_for_a_connection) {  // scenario 128
  constexpr int many = 4;
  const TlsServerSettings settings(authority.issue({.names = "DNS:a.test"}));
  LoopbackServer server(over_tls(settings, &echo_targets));
  ClientOptions options = trusting();
  options.pool.max_per_route = 1;
  Client client(options);
  std::vector<Outcome> outcomes(many);
  {
    std::vector<std::jthread> askers;
    for (Outcome& outcome : outcomes) askers.emplace_back([&] { outcome = get(client, https(server)); });
  }
  for (const Outcome& outcome : outcomes) {
    expect(Error::tls_wrong_host, "it is for a.test", outcome);
    EXPECT_TRUE(outcome.tried(1));
  }
  EXPECT_EQ(server.connections_accepted(), many);  // none is tried for once more
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(TlsErrors, wrong_host_where_only_the_common_name_is_right) {
  expect(Error::tls_wrong_host, "\"localhost\", and it is for nobody",
         ask_server(authority.issue({.names = "", .common_name = "localhost"}), trusting(), "localhost"));
}

TEST_P(TlsErrors, wrong_host_where_an_address_is_written_as_a_name) {
  expect_refused(Error::tls_wrong_host, "it is for 127.0.0.1", {.names = "DNS:127.0.0.1"});
}

TEST_P(TlsErrors, a_wildcard_stands_for_one_label) {
  const Credentials wild = authority.issue({.names = "DNS:*.b.test"});
  ClientOptions options = trusting();
  options.tls.server_name = "x.b.test";
  EXPECT_EQ(ask_server(wild, options).response.body, "/x");
  for (const char* other : {"b.test", "y.x.b.test"}) {
    options.tls.server_name = other;
    expect(Error::tls_wrong_host, "it is for *.b.test", ask_server(wild, options));
  }
}

TEST_P(TlsErrors, revoked) {
  const Credentials good = authority.issue(), bad = authority.issue();
  const TemporaryDirectory directory;
  directory.write("crl.pem", authority.revocation_list({bad}));
  ClientOptions options = trusting();
  options.tls.crl_file = directory.path() / "crl.pem";
  EXPECT_EQ(ask_server(good, options).response.body, "/x");
  expect(Error::tls_certificate_revoked, "CN = server: certificate revoked", ask_server(bad, options));
}

TEST_P(TlsErrors, weak_key) {
  expect_refused(Error::tls_certificate_rejected, "EE certificate key too weak",
                 {.key = CertificateWish::Key::weak});
}

TEST_P(TlsErrors, a_key_that_is_not_pinned) {
  const Credentials one = authority.issue(), other = authority.issue();
  ClientOptions options = trusting();
  options.tls.pinned_keys = {pin_of(one)};
  EXPECT_EQ(ask_server(one, options).response.body, "/x");
  expect(Error::tls_wrong_key, "its SHA-256 is " + pin_of(other), ask_server(other, options));
}

TEST_P(TlsErrors, no_common_version) {
  ClientOptions options = trusting();
  options.tls.min_version = TlsVersion::tls_1_3;
  expect(Error::tls_refused, "tlsv1 alert protocol version",
         ask_server(authority.issue(), options, "127.0.0.1", {.max_version = TLS1_2_VERSION}));
}

TEST_P(TlsErrors, a_version_that_is_too_old) {
  const Outcome old = ask_server(authority.issue(), trusting(), "127.0.0.1",
                                 {.min_version = TLS1_VERSION, .max_version = TLS1_1_VERSION});
  EXPECT_EQ(old.error, Condition::tls) << old.error.message();
}

TEST_P(TlsErrors, a_server_that_wants_a_certificate) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsServerSettings settings(authority.issue(),
                                     {.max_version = version, .client_authority = authority.certificate()});
    LoopbackServer server(over_tls(settings, &echo_targets));
    Client client(trusting());
    // Under TLS 1.3 the client is done before the server is.
    const Outcome refused = get(client, https(server));
    expect(Error::tls_refused, version == TLS1_2_VERSION ? "handshake failure" : "certificate required",
           refused);
    EXPECT_EQ(server.connections_accepted(), 1);
  }
}

TEST_P(TlsErrors, plain_http_on_the_port) {  // scenario 126
  LoopbackServer server([](Peer& peer) {
    peer.read_some();
    peer.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  Client client(trusting());
  expect(Error::tls_not_spoken, "the server speaks plain HTTP", get(client, https(server)));
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(TlsErrors, tls_on_a_port_for_plain_http) {
  LoopbackServer server([](Peer& peer) {
    peer.read_some();
    peer.write(std::string_view("\x15\x03\x01\x00\x02\x02\x0a", 7));
  });
  Client client(trusting());
  expect(Error::tls_expected, "plain HTTP", get(client, server.url()));
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(TlsErrors, a_server_that_breaks_the_protocol) {
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, [](TlsPeer& peer) {
    peer.read_request();
    peer.broken_record();
    peer.below().stall();
  }));
  Client client(trusting());
  expect(Error::tls_failed, "response failed: TLS failed (", get(client, https(server)));
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(TlsErrors, an_unverified_peer_is_taken_only_where_that_is_said) {  // scenario 126
  ClientOptions options = trusting();
  options.tls.peer = TlsPeerCheck::dangerously_unverified;
  const Credentials insecure = Authority::self_signed({.names = "DNS:a.test"});
  EXPECT_EQ(ask_server(insecure, options).response.body, "/x");
  options.tls.peer = TlsPeerCheck::verified;
  EXPECT_EQ(ask_server(insecure, options).error, Condition::tls);
}

TEST_P(TlsErrors, a_pin_is_checked_of_an_unverified_peer_too) {
  ClientOptions options = trusting();
  const Credentials pinned = Authority::self_signed();
  options.tls.peer = TlsPeerCheck::dangerously_unverified;
  options.tls.pinned_keys = {pin_of(pinned)};
  EXPECT_EQ(ask_server(pinned, options).response.body, "/x");
  expect(Error::tls_wrong_key, "its SHA-256 is ", ask_server(Authority::self_signed(), options));
}

TEST_P(TlsErrors, a_server_that_closes_in_the_handshake_has_not_refused_it) {  // pool rule 60
  LoopbackServer server(in_turn({[](Peer& peer) { peer.read_some(); },
                                 [](Peer& peer) {
                                   peer.read_some();
                                   peer.reset();
                                 }}));
  ClientOptions options = trusting();
  options.retry_strategy = NeverRetry{};
  Client client(options);
  for (int i = 0; i < 2; ++i) {
    const Outcome closed = get(client, https(server));
    EXPECT_EQ(closed.error, Error::connection_reset);
    expect_said(closed, "TLS handshake failed");
  }
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(TlsErrors, a_handshake_that_stalls_ends_at_whichever_limit_comes_first) {  // pool rule 55, scenario 77
  const std::pair<Timeouts, Error> table[] = {{{.tls_handshake = 50ms}, Error::tls_handshake_timeout},
                                              {{.connect = 50ms}, Error::connect_timeout}};
  for (const auto& [timeouts, error] : table) {
    LoopbackServer server([](Peer& peer) { peer.stall(); });
    ClientOptions options = trusting();
    options.timeouts = timeouts;
    options.retry_strategy = NeverRetry{};
    Client client(options);
    const Outcome late = get(client, https(server));
    EXPECT_EQ(late.error, error);
    expect_said(late, "TLS handshake");
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_TRUE(pool_is_whole(client));
  }
}

TEST_P(TlsErrors, a_server_that_never_lets_a_handshake_rest_has_its_timeout_too) {  // pool rule 55
  LoopbackServer server([](Peer& peer) {
    std::string requests;
    for (int i = 0; i < 1000; ++i) requests += std::string("\x16\x03\x03\x00\x04\x00\x00\x00\x00", 9);
    while (peer.write(requests)) {
    }
  });
  ClientOptions options = trusting();
  options.timeouts.tls_handshake = 50ms;
  options.retry_strategy = NeverRetry{};
  Client client(options);
  EXPECT_EQ(get(client, https(server)).error, Error::tls_handshake_timeout);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(TlsErrors, a_name_that_stands_for_others_is_no_host) {  // pool rule 65
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  ClientOptions options = trusting();
  const std::string port = std::to_string(server.port());
  const std::string longest = std::string(250, 'a') + ".test";
  for (const std::string& host : {std::string(".localhost"), 'a' + longest}) {
    options.resolve = {{host + ':' + port, {"127.0.0.1"}}};
    Client client(options);
    EXPECT_EQ(get(client, https(server, "/", host)).error, Condition::usage) << host;
  }
  EXPECT_EQ(server.connections_accepted(), 0);
}

TEST_P(TlsErrors, a_handshake_is_bounded_by_the_whole_call_too) {  // pool rules 17 and 55
  LoopbackServer server([](Peer& peer) { peer.stall(); });
  ClientOptions options = trusting();
  options.timeouts.total = 50ms;
  Client client(options);
  const Outcome late = get(client, https(server));
  EXPECT_EQ(late.error, Error::total_timeout);
  expect_said(late, "TLS handshake failed");
}

}  // namespace
}  // namespace headway::testing
