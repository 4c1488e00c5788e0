// SPDX-License-Identifier: BSL-1.0

// Many threads on one pool.

#include "tests/client/client_fixture.hpp"
#include "tests/support/scale.hpp"

#include <headway/headway.hpp>

#include <thread>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class ManyThreads : public ClientTest {
 protected:
  /// Runs `work` on `count` threads, with each one's number, and waits for them.
  void run(int count, const std::function<void(int)>& work) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, ManyThreads, all_flavours(), flavour_name);

TEST_P(ManyThreads, never_exceed_the_cap_of_a_route) {  // pool rule 3, scenarios 47, 50 and 62
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_per_route = 4}, .retry_strategy = NeverRetry{}}};
  std::atomic<int> wrong = 0;
  run(16, [&](int thread) {
    for (int i = 0; i < scaled(10'000) / 16; ++i) {
      const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(i);
      wrong += get(client, server.url(target)).response.body != target;
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(server.peak_open(), 4);
  EXPECT_LE(server.connections_accepted(), 4);
  EXPECT_EQ(server.requests_received(), scaled(10'000) / 16 * 16);
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
}

TEST_P(ManyThreads, never_exceed_the_total_cap) {  // pool rules 3, 6 and 7
  std::atomic<int> open = 0, peak = 0;
  const auto counting = [&](Peer& peer) {
    // What the client has closed may be counted for a moment longer than it is open.
    while (auto request = peer.read_request()) {
      const int now = ++open;
      for (int before = peak; before < now && !peak.compare_exchange_weak(before, now);) {
      }
      --open;
      if (!peer.write(response(200, request->target))) break;
    }
  };
  LoopbackServer a(counting), b(counting), c(counting), d(counting);
  const std::array<LoopbackServer*, 4> servers{&a, &b, &c, &d};
  Client client{{.pool = {.max_total = 3, .max_per_route = 2}, .retry_strategy = NeverRetry{}}};
  std::atomic<int> wrong = 0;
  run(8, [&](int thread) {
    for (int i = 0; i < scaled(4000) / 8; ++i) {
      const auto& server = *servers[static_cast<std::size_t>(thread * 7 + i * 3) % servers.size()];
      wrong += get(client, server.url("/x")).response.body != "/x";
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(peak, 3);
  EXPECT_LE(client.pool().stats().available, 3u);
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
}

TEST_P(ManyThreads, lose_no_place_to_failures) {  // pool rules 3 and 21, scenarios 57, 58 and 66
  LoopbackServer server([](Peer& peer) {
    for (int n = 0; auto request = peer.read_request(); ++n) {
      if ((peer.index() + n) % 5 == 3) return peer.reset();
      if ((peer.index() + n) % 5 == 4)
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"), peer.close();
      if ((peer.index() + n) % 5 == 4) return;
      peer.write(response(200, request->target));
    }
  });
  Client client{{.pool = {.max_per_route = 3}, .retry_strategy = NeverRetry{}}};
  std::atomic<int> wrong = 0;
  run(8, [&](int thread) {
    for (int i = 0; i < scaled(2000) / 8; ++i) {
      const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(i);
      const Outcome got = get(client, server.url(target));
      wrong += !got.error && got.response.body != target;
      if (i % 3 == 0) open(client, {.url = server.url(target)});
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
  EXPECT_LE(client.pool().stats().available, 3u);
}

TEST_P(ManyThreads, all_end_when_the_pool_is_shut_down) {  // pool rule 74, scenario 53
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_per_route = 2}, .retry_strategy = NeverRetry{}}};
  std::atomic<int> unexpected = 0;
  std::jthread closer([&] {
    EXPECT_TRUE(server.wait_for_requests(100));
    client.pool().shutdown();
  });
  run(8, [&](int) {
    for (;;) {
      const std::error_code error = get(client, server.url("/x")).error;
      if (error == Error::pool_shut_down) return;
      unexpected += static_cast<bool>(error);
    }
  });
  EXPECT_EQ(unexpected, 0);
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
  EXPECT_EQ(client.pool().stats().available, 0u);
  EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }));
}

TEST_P(ManyThreads, may_change_the_caps_while_others_ask) {
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_per_route = 8}, .retry_strategy = NeverRetry{}}};
  std::atomic<int> failed = 0;
  run(8, [&](int thread) {
    for (int i = 0; i < scaled(2000) / 8; ++i) {
      if (thread == 0) client.pool().set_default_max_per_route(static_cast<std::size_t>(1 + i % 8));
      if (thread == 1 && i % 10 == 0) client.pool().close_idle(0ms);
      failed += static_cast<bool>(get(client, server.url()).error);
    }
  });
  EXPECT_EQ(failed, 0);
  EXPECT_LE(server.peak_open(), 8 + 8);
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
}

}  // namespace
}  // namespace headway::testing
