// SPDX-License-Identifier: BSL-1.0

// A client that keeps nothing: who closes first decides on whose side TIME_WAIT stays.

#include <headway/client.hpp>
#include <headway/testing/loopback_server.hpp>
#include <headway/testing/patience.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace headway {
namespace {

using testing::Gate;
using testing::LoopbackServer;
using testing::Peer;

bool comes_to_close_nothing(const Client& client) {
  const auto deadline = std::chrono::steady_clock::now() + testing::patience;
  while (client.pool().stats().closing != 0) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(NeverReuse, waits_for_the_server_to_close_first) {
  Gate gate;
  LoopbackServer server([&](Peer& peer) {
    if (!peer.read_request()) return;
    peer.write(testing::response(200, "a", "Connection: close\r\n"));
    peer.wait_for(gate);
  });
  Client client{{.reuse_strategy = NeverReuse{}}};
  EXPECT_EQ(client.get(server.url()).info.close_reason, CloseReason::request_close);
  EXPECT_EQ(client.pool().stats().closing, 1u);
  gate.open();
  EXPECT_TRUE(comes_to_close_nothing(client));
}

TEST(NeverReuse, asks_the_server_to_close) {
  std::optional<std::string> asked;
  LoopbackServer server([&](Peer& peer) {
    if (const auto request = peer.read_request()) {
      asked = request->header("Connection");
      peer.write(testing::response(204, ""));
    }
  });
  Client client{{.reuse_strategy = NeverReuse{}}};
  client.get(server.url());
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(asked, "close");
}

TEST(NeverReuse, differs_from_a_strategy_of_ones_own_which_closes_at_once) {
  LoopbackServer server([](Peer& peer) {
    if (peer.read_request()) peer.write(testing::response(200, "a"));
    peer.wait_for_eof();
  });
  Client client{
      {.reuse_strategy = [](const Request&, const ResponseHead&) { return CloseReason::strategy; }}};
  EXPECT_EQ(client.get(server.url()).info.close_reason, CloseReason::strategy);
  EXPECT_EQ(client.pool().stats().closing, 0u);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

}  // namespace
}  // namespace headway
