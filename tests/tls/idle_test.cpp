// SPDX-License-Identifier: BSL-1.0

// TLS connections that are idle: what comes on them, and what the check before reuse and the monitor make of
// it.

#include "tests/tls/tls_test.hpp"

#include <headway/testing/gate.hpp>

namespace headway::testing {
namespace {

using Doing = std::function<void(TlsPeer&)>;

/// A server that does something to its first connection once that is idle, and serves on.
class Disturbed {
 public:
  Disturbed(const Credentials& credentials, int version, Doing disturb)
      : settings_(credentials, {.max_version = version}),
        disturb_(std::move(disturb)),
        server(in_turn({over_tls(settings_, [this](TlsPeer& peer) { serve(peer); }),
                        over_tls(settings_, &echo_targets)})) {}

  void disturb_now() {
    idle_.open();
    EXPECT_TRUE(disturbed_.wait());
  }

 private:
  void serve(TlsPeer& peer) {
    const auto request = peer.read_request();
    peer.write(response(200, request->target));
    peer.below().wait_for(idle_);
    disturb_(peer);
    disturbed_.open();
    echo_targets(peer);
  }

  TlsServerSettings settings_;
  Doing disturb_;
  Gate idle_, disturbed_;

 public:
  LoopbackServer server;
};

class IdleTls : public TlsTest {
 protected:
  void expect_reuse(int version, bool reused, Doing disturb) {
    Disturbed disturbed(authority.issue(), version, std::move(disturb));
    LoopbackServer& server = disturbed.server;
    ClientOptions options = trusting();
    options.retry_strategy = NeverRetry{};
    options.pool.monitor.interval = unlimited;
    Client client(options);
    EXPECT_EQ(get(client, https(server, "/first")).response.body, "/first");
    disturbed.disturb_now();
    const Outcome second = get(client, https(server, "/second"));
    EXPECT_EQ(second.response.body, "/second") << second.error.message();
    EXPECT_EQ(second.response.info.connection_reused, reused);
    EXPECT_TRUE(second.tried(1));
    EXPECT_EQ(server.connections_accepted(), reused ? 1 : 2);
    EXPECT_TRUE(pool_is_whole(client));
  }
  void expect_kept(Doing disturb) { expect_reuse(TLS1_3_VERSION, true, std::move(disturb)); }
  void expect_dropped(const Doing& disturb) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) expect_reuse(version, false, disturb);
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, IdleTls, all_flavours(), flavour_name);

TEST_P(IdleTls, a_session_ticket_is_no_data) {  // pool rule 27, scenario 31
  expect_kept([](TlsPeer& peer) { peer.send_ticket(); });
}

TEST_P(IdleTls, a_key_update_is_no_data) {  // pool rule 27
  expect_kept([](TlsPeer& peer) { peer.update_key(); });
}

TEST_P(IdleTls, many_tickets_are_no_data_either) {  // pool rule 27
  expect_kept([](TlsPeer& peer) {
    for (int i = 0; i < 20; ++i) peer.send_ticket();
  });
}

TEST_P(IdleTls, close_notify_is_the_end_though_the_connection_stays_open) {  // pool rule 28, scenario 30
  expect_dropped([](TlsPeer& peer) { peer.close_notify(); });
}

TEST_P(IdleTls, close_notify_behind_a_ticket_is_the_end) {  // pool rules 27 and 28
  expect_reuse(TLS1_3_VERSION, false, [](TlsPeer& peer) {
    peer.send_ticket();
    peer.close_notify();
  });
}

TEST_P(IdleTls, an_end_without_close_notify_is_the_end_too) {  // pool rule 28
  expect_dropped([](TlsPeer& peer) { peer.below().half_close(); });
}

TEST_P(IdleTls, a_broken_record_is_the_end) {  // pool rule 28
  expect_dropped([](TlsPeer& peer) { peer.broken_record(); });
}

TEST_P(IdleTls, data_that_nobody_asked_for_is_surplus) {  // pool rule 25
  expect_dropped([](TlsPeer& peer) { peer.write(response(408, "")); });
}

TEST_P(IdleTls, the_monitor_closes_what_the_server_has_ended) {  // pool rule 28
  Disturbed disturbed(authority.issue(), TLS1_3_VERSION, [](TlsPeer& peer) { peer.close_notify(); });
  ClientOptions options = trusting();
  options.pool.monitor.interval = 1ms;
  Client client(options);
  EXPECT_EQ(get(client, https(disturbed.server, "/first")).response.body, "/first");
  EXPECT_EQ(client.pool().stats().available, 1U);
  disturbed.disturb_now();
  EXPECT_TRUE(eventually([&] { return client.pool().stats().available == 0; }));
  EXPECT_TRUE(disturbed.server.wait_for_closed_connections(1));
}

}  // namespace
}  // namespace headway::testing
