// SPDX-License-Identifier: BSL-1.0

// Sessions that are taken up again: on new connections of the same route and settings, and on no others.

#include "tests/tls/tls_test.hpp"

#include <mutex>

namespace headway::testing {
namespace {

/// A server that closes each connection after a response and remembers which ones resumed a session.
class ClosingServer {
 public:
  enum class Goodbye { said, left_out };

  ClosingServer(const Credentials& credentials, const TlsServerOptions& options, Goodbye goodbye)
      : settings_(credentials, options), server(over_tls(settings_, [this, goodbye](TlsPeer& peer) {
          {
            std::lock_guard lock(mutex_);
            resumed_ += peer.resumed() ? 'r' : 'f';
          }
          const auto request = peer.read_request();
          if (!request) return;
          peer.write(response(200, request->target, "Connection: close\r\n"));
          if (goodbye == Goodbye::said) peer.close_notify();
        })) {}

  /// "ffr": two full handshakes, then a resumed one.
  std::string resumed() const {
    std::lock_guard lock(mutex_);
    return resumed_;
  }

 private:
  TlsServerSettings settings_;
  mutable std::mutex mutex_;
  std::string resumed_;

 public:
  LoopbackServer server;
};

class TlsSessionsTest : public TlsTest {
 protected:
  void get_from(Client& client, const ClosingServer& server, const std::string& host = "127.0.0.1") {
    const Outcome got = get(client, https(server.server, "/x", host));
    EXPECT_EQ(got.response.body, "/x") << got.error.message();
  }
  void expect_resumed(int version, ClosingServer::Goodbye goodbye) {
    ClosingServer server(authority.issue(), {.max_version = version}, goodbye);
    Client client(trusting());
    for (int i = 0; i < 3; ++i) get_from(client, server);
    EXPECT_EQ(server.resumed(), "frr");
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, TlsSessionsTest, all_flavours(), flavour_name);

TEST_P(TlsSessionsTest, are_taken_up_by_the_routes_next_connection) {  // scenario 127
  expect_resumed(TLS1_2_VERSION, ClosingServer::Goodbye::said);
  expect_resumed(TLS1_3_VERSION, ClosingServer::Goodbye::said);
}

TEST_P(TlsSessionsTest, survive_an_end_without_close_notify) {  // pool rule 64
  expect_resumed(TLS1_2_VERSION, ClosingServer::Goodbye::left_out);
  expect_resumed(TLS1_3_VERSION, ClosingServer::Goodbye::left_out);
}

TEST_P(TlsSessionsTest, of_tls13_are_used_once) {  // pool rule 63
  const TlsServerSettings settings(authority.issue(), {.tickets = 1});
  std::string resumed;
  std::mutex mutex;
  LoopbackServer server(over_tls(settings, [&](TlsPeer& peer) {
    {
      std::lock_guard lock(mutex);
      resumed += peer.resumed() ? 'r' : 'f';
    }
    echo_targets(peer);
  }));
  ClientOptions options = trusting();
  Client client(options);
  EXPECT_EQ(get(client, https(server)).response.body, "/");
  // The second connection takes the first one's only ticket; its own one comes with its response.
  Opened second, third;
  Opened first = open(client, {.url = https(server, "/1")});
  second = open(client, {.url = https(server, "/2")});
  third = open(client, {.url = https(server, "/3")});
  EXPECT_FALSE(first.error || second.error || third.error);
  EXPECT_EQ(server.connections_accepted(), 3);
  std::lock_guard lock(mutex);
  EXPECT_EQ(resumed, "frr");
}

TEST_P(TlsSessionsTest, are_not_taken_up_where_that_is_turned_off) {  // scenario 127
  ClosingServer server(authority.issue(), {}, ClosingServer::Goodbye::said);
  ClientOptions options = trusting();
  options.tls.resumption = TlsResumption::disabled;
  Client client(options);
  for (int i = 0; i < 2; ++i) get_from(client, server);
  EXPECT_EQ(server.resumed(), "ff");
}

TEST_P(TlsSessionsTest, never_cross_settings) {  // pool rule 63
  ClosingServer server(authority.issue(), {}, ClosingServer::Goodbye::said);
  ClientOptions careless = trusting();
  careless.tls.peer = TlsPeerCheck::dangerously_unverified;
  Client unverified(careless), verified(trusting()), system({.retry_strategy = NeverRetry{}});
  get_from(unverified, server);
  get_from(verified, server);
  EXPECT_EQ(get(system, https(server.server)).error, Error::tls_unknown_issuer);
  EXPECT_EQ(server.resumed(), "ff");
}

TEST_P(TlsSessionsTest, never_cross_hosts) {  // pool rule 63, scenario 127
  ClosingServer server(authority.issue(), {}, ClosingServer::Goodbye::said);
  Client client(trusting());
  get_from(client, server, "127.0.0.1");
  get_from(client, server, "localhost");
  EXPECT_EQ(server.resumed(), "ff");
}

TEST_P(TlsSessionsTest, are_shared_by_clients_of_equal_settings) {
  ClosingServer server(authority.issue(), {}, ClosingServer::Goodbye::said);
  Client one(trusting()), other(trusting());
  get_from(one, server);
  get_from(other, server);
  EXPECT_EQ(server.resumed(), "fr");
}

}  // namespace
}  // namespace headway::testing
