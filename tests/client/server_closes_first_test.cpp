// SPDX-License-Identifier: BSL-1.0

// Connections that are not kept: this side closes only after the server has, so that TIME_WAIT stays there.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class ServerClosesFirst : public ClientTest {
 protected:
  /// A handler that answers one request with `fields` and closes when `may_close_` is open, if the client has
  /// not closed until then.
  Handler close_late(std::string fields) {
    return [this, fields = std::move(fields)](Peer& peer) {
      const auto request = peer.read_request();
      if (!request) return;
      recorder_.add(*request);
      peer.write(response(200, "bye", fields));
      peer.wait_for(may_close_);
      if (peer.client_has_closed()) ++closed_too_early_;
      peer.half_close();
      peer.wait_for_eof();
    };
  }

  void expect_patience(Client& client, LoopbackServer& server, Request request) {
    request.url = server.url();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(ask(client, request).response.body, "bye");
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_EQ(client.pool().stats().available, 0u);
    EXPECT_EQ(client.pool().stats().closing, 2u);
    may_close_.open();
    EXPECT_TRUE(eventually([&] { return client.pool().stats().closing == 0; }));
    EXPECT_TRUE(server.wait_for_closed_connections(2));
    EXPECT_EQ(closed_too_early_, 0);
  }

  Recorder recorder_;
  Gate may_close_;
  std::atomic<int> closed_too_early_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Flavours, ServerClosesFirst, all_flavours(), flavour_name);

TEST_P(ServerClosesFirst, under_never_reuse_which_says_close_once) {  // scenarios 1 and 6
  LoopbackServer server(close_late(""));
  Client client{{.reuse_strategy = NeverReuse{}}};
  expect_patience(client, server, {});
  EXPECT_EQ(recorder_.last().header("Connection"), "close");
  EXPECT_EQ(recorder_.last().count("Connection"), 1);
}

TEST_P(ServerClosesFirst, under_never_reuse_where_the_request_says_close_too) {
  LoopbackServer server(close_late("Connection: close\r\n"));
  Client client{{.reuse_strategy = NeverReuse{}}};
  expect_patience(client, server, {.headers = {{"connection", "close"}}});
  EXPECT_EQ(recorder_.last().count("Connection"), 1);
}

TEST_P(ServerClosesFirst, where_the_response_says_close) {
  LoopbackServer server(close_late("Connection: close\r\n"));
  Client client;
  expect_patience(client, server, {});
}

TEST_P(ServerClosesFirst, where_the_request_says_close) {
  LoopbackServer server(close_late(""));
  Client client;
  expect_patience(client, server, {.headers = {{"Connection", "close"}}});
}

TEST_P(ServerClosesFirst, also_after_a_stream_was_read_to_its_end) {
  LoopbackServer server(close_late(""));
  Client client{{.reuse_strategy = NeverReuse{}}};
  Opened opened = open(client, {.url = server.url()});
  EXPECT_FALSE(drain(opened.stream));
  EXPECT_EQ(client.pool().stats().closing, 1u);
  may_close_.open();
  EXPECT_TRUE(eventually([&] { return client.pool().stats().closing == 0; }));
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(closed_too_early_, 0);
}

TEST_P(ServerClosesFirst, but_no_client_waits_for_it_at_its_end) {
  LoopbackServer server(close_late(""));
  {
    Client client{{.reuse_strategy = NeverReuse{}}};
    EXPECT_EQ(get(client, server.url()).response.body, "bye");
  }
  may_close_.open();
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

}  // namespace
}  // namespace headway::testing
