// SPDX-License-Identifier: BSL-1.0

// Execution contexts that are stopped or destroyed, and clients that are destroyed, with operations in flight
// at each point where these can wait.

#include "tests/async/parked.hpp"

#include <headway/testing/loopback_server.hpp>

#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <array>
#include <vector>

namespace headway::testing {
namespace {

/// The pool serves a client of another context.
void expect_usable(Stage& stage) {
  EXPECT_TRUE(stage.at_rest());
  EXPECT_EQ(stage.pool->stats().available, 0U);
  std::error_code ec;
  stage.connector->answer_at_once();
  EXPECT_TRUE(stage.pool->lease(route_a, ec));
  EXPECT_FALSE(ec);
}

class InFlight : public ::testing::TestWithParam<Point> {
 protected:
  InFlight() {
    GetParam().park(parked);
    EXPECT_EQ(parked.ending.times, 0);
    EXPECT_EQ(parked.in_handler.use_count(), 2);
  }

  Parked parked;
  Stage& stage = parked.stage;
};

INSTANTIATE_TEST_SUITE_P(At, InFlight, ::testing::ValuesIn(points),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(InFlight, operations_are_destroyed_with_their_context) {
  stage.context.reset();
  EXPECT_EQ(parked.ending.times, 0);
  EXPECT_EQ(parked.in_handler.use_count(), 1);
  parked.held.reset();
  parked.signal.emit(asio::cancellation_type::all);
  expect_usable(stage);
}

TEST_P(InFlight, operations_are_destroyed_with_their_context_and_their_client_before) {
  { const Client gone = std::move(stage.client); }
  stage.context.reset();
  EXPECT_EQ(parked.ending.times, 0);
  EXPECT_EQ(parked.in_handler.use_count(), 1);
  parked.held.reset();
  expect_usable(stage);
}

TEST_P(InFlight, operations_are_destroyed_with_a_context_that_was_stopped) {
  stage.io.stop();
  parked.signal.emit(asio::cancellation_type::all);
  stage.context.reset();
  EXPECT_EQ(parked.ending.times, 0);
  EXPECT_EQ(parked.in_handler.use_count(), 1);
  parked.held.reset();
  expect_usable(stage);
}

TEST_P(InFlight, operations_go_on_when_a_stopped_context_goes_on) {
  stage.io.stop();
  parked.signal.emit(asio::cancellation_type::terminal);
  EXPECT_EQ(stage.io.poll(), 0U);
  EXPECT_EQ(parked.ending.times, 0);
  stage.io.restart();
  stage.io.poll();
  EXPECT_TRUE(failed_with(parked.ending, asio::error::operation_aborted));
  parked.held.reset();
  expect_usable(stage);
}

TEST_P(InFlight, operations_end_once_when_their_client_is_destroyed) {  // scenario 134
  { const Client gone = std::move(stage.client); }
  EXPECT_EQ(parked.ending.times, 0);
  stage.settle();
  EXPECT_TRUE(failed_with(parked.ending, asio::error::operation_aborted));
  EXPECT_TRUE(stage.io.stopped());
  parked.held.reset();
  expect_usable(stage);
}

TEST_P(InFlight, operations_end_once_when_the_pool_is_shut_down_and_their_client_destroyed) {
  stage.pool->shutdown();
  { const Client gone = std::move(stage.client); }
  stage.settle();
  EXPECT_EQ(parked.ending.times, 1);
  EXPECT_EQ(parked.in_handler.use_count(), 1);
  parked.held.reset();
  EXPECT_TRUE(stage.at_rest());
  EXPECT_TRUE(stage.io.stopped());
}

TEST(DestroyedContext, takes_handlers_along_that_were_not_called_yet) {
  Stage stage;
  Ending<Response> ending;
  const auto held = std::make_shared<int>();
  stage.client.async_get("nonsense", [held, noted = ending.handler()](std::error_code ec, Response response) {
    noted(ec, std::move(response));
  });
  stage.context.reset();
  EXPECT_EQ(ending.times, 0);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(DestroyedContext, leaves_its_idle_connections_to_others) {
  Stage stage;
  stage.open("HTTP/1.1 204 None\r\n\r\n");
  stage.context.reset();
  EXPECT_EQ(stage.pool->stats().available, 1U);
  asio::io_context other;
  Client client{other.get_executor(), stage.pool};
  Ending<Response> ending;
  stage.last_peer().deliver(ok_hello);
  stage.follow();
  client.async_get(url_a, ending.handler());
  other.run();
  EXPECT_TRUE(succeeded(ending));
  EXPECT_TRUE(ending.result.info.connection_reused);
  EXPECT_EQ(stage.connector->dials(), 1U);
}

TEST(DestroyedContext, leaves_a_stream_that_can_be_read_without_it) {
  Gate rest;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    peer.wait_for(rest);
    peer.write("0123456789");
    peer.wait_for_eof();
  });
  auto io = std::make_unique<asio::io_context>();
  Client client{io->get_executor()};
  Ending<ResponseStream> opened;
  Ending<std::size_t> never;
  client.async_open({.url = server.url()}, opened.handler());
  io->run();
  ResponseStream& stream = opened.result;
  std::array<char, 64> buffer{};
  stream.async_read_some(asio::buffer(buffer), never.handler());
  io.reset();
  EXPECT_EQ(never.times, 0);
  rest.open();
  std::error_code ec;
  EXPECT_EQ(stream.read_some(buffer, ec), 10U);
  EXPECT_EQ(client.pool().stats().leased, 0U);
  EXPECT_EQ(client.pool().stats().available, 1U);
}

TEST(DestroyedContext, destroys_coroutines_that_own_client_and_stream) {
  Stage stage;
  const auto held = std::make_shared<int>();
  // Whatever the coroutine owns is its locals': the order in which parameters die is unspecified.
  const auto own_everything = [](std::shared_ptr<PoolingConnectionManager> shared,
                                 std::shared_ptr<int> kept) -> asio::awaitable<void> {
    const std::shared_ptr<int> mine = std::move(kept);
    const std::shared_ptr<PoolingConnectionManager> pool = std::move(shared);
    Client client{co_await asio::this_coro::executor, pool};
    ResponseStream stream = co_await client.async_open({.url = url_a}, asio::use_awaitable);
    std::array<char, 8> buffer{};
    co_await stream.async_read_some(asio::buffer(buffer), asio::use_awaitable);
  };
  asio::co_spawn(stage.io, own_everything(stage.pool, held), asio::detached);
  stage.settle();
  stage.accept().deliver("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
  stage.settle();
  EXPECT_EQ(stage.pool->stats().leased, 1U);
  stage.context.reset();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_TRUE(stage.at_rest());
  EXPECT_TRUE(stage.last_peer().closed());
}

TEST(DestroyedContext, may_be_a_thread_pool) {
  Desk desk({.max_per_route = 1});
  Lease held = desk.lease();
  const auto in_handlers = std::make_shared<int>();
  {
    asio::thread_pool threads(2);
    Client client{threads.get_executor(), desk.pool};
    for (int i = 0; i < 20; ++i)
      client.async_get(url_a, [in_handlers](std::error_code, const Response&) { ADD_FAILURE(); });
    threads.stop();
  }
  EXPECT_EQ(in_handlers.use_count(), 1);
  held.discard();
  EXPECT_TRUE(desk.at_rest());
}

TEST(DestroyedContext, ends_all_of_its_operations_though_each_gives_its_place_to_the_next) {
  Stage stage({.max_per_route = 1});
  Lease held = stage.polled_lease();
  std::vector<Ending<Response>> endings(20);
  for (Ending<Response>& ending : endings) stage.client.async_get(url_a, ending.handler());
  stage.settle();
  held.give_back(60s);
  stage.context.reset();
  for (const Ending<Response>& ending : endings) EXPECT_EQ(ending.times, 0);
  EXPECT_TRUE(stage.at_rest());
}

}  // namespace
}  // namespace headway::testing
