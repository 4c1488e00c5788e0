// SPDX-License-Identifier: BSL-1.0

// An operation is work of its executor: run() returns when everything is done, not before, and not later.

#include "tests/async/stage.hpp"

#include <headway/testing/loopback_server.hpp>

#include <asio/buffer.hpp>

#include <array>
#include <chrono>
#include <thread>

namespace headway::testing {
namespace {

TEST(OutstandingWork, lasts_while_a_lease_is_waited_for) {
  Stage stage({.max_per_route = 1});
  Lease held = stage.lease();
  Ending<Response> ending;
  stage.client.async_get(url_a, ending.handler());
  stage.settle();
  EXPECT_FALSE(stage.io.stopped());
  held.discard();
  stage.settle();
  EXPECT_FALSE(stage.io.stopped());
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_TRUE(succeeded(ending));
  EXPECT_TRUE(stage.io.stopped());
}

TEST(OutstandingWork, lasts_until_a_blocking_thread_gives_the_connection_back) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "x"); }));
  asio::io_context io;
  Client client{io.get_executor(), {.pool = {.max_per_route = 1}}};
  ResponseStream held = client.open({.url = server.url()});
  Ending<Response> ending;
  client.async_get(server.url(), ending.handler());
  std::thread runner([&] { io.run(); });
  held.drain();
  runner.join();
  EXPECT_TRUE(succeeded(ending));
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST(OutstandingWork, lasts_in_every_phase_and_no_longer) {
  Stage stage;
  Ending<Response> ending;
  stage.client.async_get(url_a, ending.handler());
  stage.settle();
  EXPECT_FALSE(stage.io.stopped());  // dialling
  ScriptedPeer& peer = stage.accept();
  stage.settle();
  EXPECT_FALSE(stage.io.stopped());  // waiting for the response
  peer.deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
  stage.settle();
  EXPECT_FALSE(stage.io.stopped());  // reading the body
  peer.deliver("llo");
  stage.settle();
  EXPECT_TRUE(stage.io.stopped());
  EXPECT_TRUE(succeeded(ending));
}

TEST(OutstandingWork, ends_between_the_reads_of_a_stream) {
  Stage stage;
  ResponseStream stream = stage.open("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(stage.io.stopped());
  std::array<char, 8> buffer{};
  Ending<std::size_t> read;
  stream.async_read_some(asio::buffer(buffer), read.handler());
  stage.settle();
  EXPECT_FALSE(stage.io.stopped());
  stage.last_peer().deliver("hello");
  stage.settle();
  EXPECT_TRUE(stage.io.stopped());
  EXPECT_EQ(read.result, 5U);
}

TEST(OutstandingWork, does_not_include_timeouts_that_are_needed_no_more) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "x"); }));
  asio::io_context io;
  Client client{io.get_executor()};  // with timeouts of 10 and 30 s
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) {
    Ending<Response> ending;
    client.async_get(server.url(), ending.handler());
    io.restart();
    io.run();
    EXPECT_TRUE(succeeded(ending));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(client.pool().stats().available, 1U);
}

TEST(OutstandingWork, does_not_include_idle_connections) {
  Stage stage;
  stage.open("HTTP/1.1 204 None\r\n\r\n");
  EXPECT_EQ(stage.pool->stats().available, 1U);
  stage.io.restart();
  EXPECT_EQ(stage.io.run(), 0U);
}

TEST(OutstandingWork, includes_the_handler) {
  Stage stage;
  bool called = false;
  stage.client.async_get("nonsense", [&](std::error_code, const Response&) { called = true; });
  stage.io.run();
  EXPECT_TRUE(called);
}

}  // namespace
}  // namespace headway::testing
