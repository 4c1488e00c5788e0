// SPDX-License-Identifier: BSL-1.0

// Requests and responses over TLS: large ones, broken off ones, and what the handshake says about the client.

#include "tests/tls/tls_test.hpp"

#include <headway/testing/gate.hpp>

#include <optional>

namespace headway::testing {
namespace {

class TlsTransfer : public TlsTest {
 protected:
  /// Serves one connection after another with `handler`.
  std::string served(const std::function<void(TlsPeer&)>& handler) {
    settings.emplace(authority.issue());
    server.emplace(over_tls(*settings, handler));
    return https(*server, "/x");
  }

  std::optional<TlsServerSettings> settings;
  std::optional<LoopbackServer> server;
};

INSTANTIATE_TEST_SUITE_P(Flavours, TlsTransfer, all_flavours(), flavour_name);

/// Nothing that a mistake in a buffer would leave as it is.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

void echo_bodies(TlsPeer& peer) {
  while (const auto request = peer.read_request()) {
    if (!peer.write(response(200, request->body))) return;
  }
}

TEST_P(TlsTransfer, one_connection_serves_many_requests) {
  const std::string url = served(&echo_targets);
  Client client(trusting());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get(client, url).response.body, "/x");
  EXPECT_EQ(server->connections_accepted(), 1);
}

TEST_P(TlsTransfer, large_bodies_come_and_go_whole) {
  const std::string url = served(&echo_bodies);
  Client client(trusting());
  for (const std::size_t size : {1U, 16383U, 16384U, 16385U, 100'000U, 5'000'000U}) {
    const std::string body = noise(size);
    const Outcome echoed = ask(client, {.method = "POST", .url = url, .body = body});
    EXPECT_TRUE(echoed.response.body == body) << size << echoed.error.message();
  }
  EXPECT_EQ(server->connections_accepted(), 1);
}

TEST_P(TlsTransfer, a_stream_is_read_in_pieces) {
  const std::string body = noise(300'000);
  const std::string url = served([&](TlsPeer& peer) {
    while (peer.read_request() && peer.write(response(200, body))) {
    }
  });
  Client client(trusting());
  for (const std::size_t piece : {1000U, 100'000U}) {
    Opened opened = open(client, {.url = url});
    std::string all;
    EXPECT_FALSE(read_all(opened.stream, all, piece));
    EXPECT_TRUE(all == body);
  }
  EXPECT_EQ(server->connections_accepted(), 1);
}

TEST_P(TlsTransfer, a_close_delimited_body_ends_with_close_notify) {  // pool rule 64
  const std::string url = served([](TlsPeer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n\r\nwhole");
    peer.close_notify();
  });
  Client client(trusting());
  EXPECT_EQ(get(client, url).response.body, "whole");
}

TEST_P(TlsTransfer, a_close_delimited_body_without_close_notify_was_cut_off) {  // pool rule 64
  const std::string url = served([](TlsPeer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n\r\nhalf");
  });
  ClientOptions options = trusting();
  options.retry_strategy = NeverRetry{};
  Client client(options);
  EXPECT_EQ(get(client, url).error, Error::body_truncated);
  Opened opened = open(client, {.url = url});
  std::string body;
  EXPECT_EQ(read_all(opened.stream, body), Error::body_truncated);
  EXPECT_EQ(body, "half");
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(TlsTransfer, a_body_is_cut_off_by_close_notify_too) {  // scenario 30
  const std::string url = served([](TlsPeer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.close_notify();
  });
  ClientOptions options = trusting();
  options.retry_strategy = NeverRetry{};
  Client client(options);
  EXPECT_EQ(get(client, url).error, Error::body_truncated);
}

TEST_P(TlsTransfer, a_body_of_known_length_needs_no_close_notify) {  // pool rule 64
  const std::string url = served([](TlsPeer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
  });
  Client client(trusting());
  EXPECT_EQ(get(client, url).response.body, "whole");
}

TEST_P(TlsTransfer, a_kept_connection_that_dies_under_a_request_is_replaced) {  // pool rule 49
  settings.emplace(authority.issue());
  server.emplace(in_turn({over_tls(*settings,
                                   [](TlsPeer& peer) {
                                     peer.read_request();
                                     peer.write(response(200, "first"));
                                     peer.read_request();
                                   }),
                          over_tls(*settings, &echo_targets)}));
  ClientOptions options = trusting();
  options.retry_strategy = NeverRetry{};
  Client client(options);
  EXPECT_EQ(get(client, https(*server)).response.body, "first");
  EXPECT_EQ(get(client, https(*server, "/second")).response.body, "/second");
  EXPECT_EQ(server->connections_accepted(), 2);
}

TEST_P(TlsTransfer, the_client_says_goodbye_to_what_it_closes) {
  Gate closed;
  bool goodbye = false;
  const std::string url = served([&](TlsPeer& peer) {
    peer.read_request();
    peer.write(response(200, "x"));
    goodbye = peer.wait_for_close_notify();
    closed.open();
  });
  Client client(trusting());
  EXPECT_EQ(get(client, url).response.body, "x");
  EXPECT_EQ(client.pool().close_idle(0ms), 1U);
  EXPECT_TRUE(closed.wait());
  EXPECT_TRUE(goodbye);
}

/// What a server learns about a client by its handshake.
struct Greeting {
  std::string server_name = "none", protocol, cipher;
  int version = 0;
};

class TlsGreeting : public TlsTransfer {
 protected:
  Greeting greet(ClientOptions options, const std::string& host, const std::string& header = "") {
    Greeting seen;
    served([&](TlsPeer& peer) {
      seen = {peer.server_name(), peer.protocol(), peer.cipher(), peer.version()};
      echo_targets(peer);
    });
    Client client(std::move(options));
    Request request{.url = https(*server, "/x", host)};
    if (!header.empty()) request.headers = {{"Host", header}};
    const Outcome outcome = ask(client, request);
    EXPECT_EQ(outcome.response.body, "/x") << outcome.error.message() << outcome.what;
    return seen;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, TlsGreeting, all_flavours(), flavour_name);

TEST_P(TlsGreeting, names_the_host_and_http11) {  // pool rule 65
  const Greeting seen = greet(trusting(), "localhost");
  EXPECT_EQ(seen.server_name, "localhost");
  EXPECT_EQ(seen.protocol, "http/1.1");
  EXPECT_EQ(seen.version, TLS1_3_VERSION);
}

TEST_P(TlsGreeting, names_no_address) {  // pool rule 65
  EXPECT_EQ(greet(trusting(), "127.0.0.1").server_name, "");
}

TEST_P(TlsGreeting, goes_by_the_url_and_not_by_the_host_header) {  // pool rule 65
  EXPECT_EQ(greet(trusting(), "localhost", "other.test").server_name, "localhost");
}

TEST_P(TlsGreeting, names_and_verifies_another_host_where_asked_to) {  // pool rule 65
  ClientOptions options = trusting();
  options.tls.server_name = "localhost";
  EXPECT_EQ(greet(options, "127.0.0.1").server_name, "localhost");
}

TEST_P(TlsGreeting, offers_the_ciphers_it_was_given) {
  ClientOptions options = trusting();
  options.tls.cipher_suites = "TLS_CHACHA20_POLY1305_SHA256";
  EXPECT_EQ(greet(options, "localhost").cipher, "TLS_CHACHA20_POLY1305_SHA256");
}

}  // namespace
}  // namespace headway::testing
