// SPDX-License-Identifier: BSL-1.0

// Every completion token that Asio has, on every kind of operation.

#include "tests/async/stage.hpp"

#include <headway/testing/loopback_server.hpp>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>

#include <array>
#include <variant>

#if ASIO_VERSION >= 102400
#include <asio/as_tuple.hpp>
#include <asio/deferred.hpp>
namespace tokens = asio;
#else
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/deferred.hpp>
namespace tokens = asio::experimental;
#endif

namespace headway::testing {
namespace {

using asio::awaitable;
using asio::use_awaitable;

/// The system's executor opens files that stay open to the end of the program: before the tests begin.
const asio::posix::stream_descriptor system_reactor{asio::system_executor()};

Handler echo() {
  return keep_alive([](const ReceivedRequest& request) {
    return response(200, request.method + " " + request.target + " " + request.body);
  });
}

class Tokens : public ::testing::Test {
 protected:
  /// Runs a coroutine to its end; what it throws comes out.
  void run(awaitable<void> coroutine) {
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr e) { thrown = std::move(e); });
    io.restart();
    io.run();
    if (thrown) std::rethrow_exception(thrown);
  }

  LoopbackServer server{echo()};
  asio::io_context io;
  Client client{io.get_executor()};
};

TEST_F(Tokens, may_ask_for_a_future) {
  std::future<Response> good = client.async_get(server.url("/f"), asio::use_future);
  std::future<Response> bad = client.async_get("nonsense", asio::use_future);
  std::future<ResponseStream> opened = client.async_open({.url = server.url()}, asio::use_future);
  io.run();
  EXPECT_EQ(good.get().body, "GET /f ");
  try {
    bad.get();
    FAIL() << "it ought to throw";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), Error::invalid_url);
  }
  ResponseStream stream = opened.get();
  std::future<void> drained = stream.async_drain(asio::use_future);
  io.restart();
  io.run();
  drained.get();
  EXPECT_EQ(stream.info().close_reason, CloseReason::none);
}

TEST_F(Tokens, may_have_the_operation_awaited) {
  run([](Client& asked, std::string url) -> awaitable<void> {
    const Response response = co_await asked.async_get(url, use_awaitable);
    EXPECT_EQ(response.body, "GET /a ");
    Request request{.method = "PUT", .url = url, .headers = {{"X", "y"}}, .body = "content"};
    const Response put = co_await asked.async_send(std::move(request), use_awaitable);
    EXPECT_EQ(put.body, "PUT /a content");
    ResponseStream stream = co_await asked.async_open({.url = url}, use_awaitable);
    std::array<char, 64> buffer{};
    const std::size_t n = co_await stream.async_read_some(asio::buffer(buffer), use_awaitable);
    EXPECT_EQ(std::string(buffer.data(), n), "GET /a ");
    co_await stream.async_drain(use_awaitable);
  }(client, server.url("/a")));
}

TEST_F(Tokens, may_belong_to_a_client_that_a_coroutine_makes) {
  run([](std::string url) -> awaitable<void> {
    Client made{co_await asio::this_coro::executor};
    const Response response = co_await made.async_get(url, use_awaitable);
    EXPECT_EQ(response.body, "GET /made ");
  }(server.url("/made")));
}

TEST_F(Tokens, have_errors_thrown_into_coroutines) {
  EXPECT_THROW(run([](Client& asked) -> awaitable<void> {
                 co_await asked.async_get("nonsense", use_awaitable);
               }(client)),
               std::system_error);
}

TEST_F(Tokens, may_be_every_verbs) {
  run([](Client& asked, std::string url) -> awaitable<void> {
    const Response head = co_await asked.async_head(url, use_awaitable);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    const Response post = co_await asked.async_post(url, Body("1"), use_awaitable);
    EXPECT_EQ(post.body, "POST /v 1");
    const Response put = co_await asked.async_put(url, Body("2"), use_awaitable);
    EXPECT_EQ(put.body, "PUT /v 2");
    const Response patch = co_await asked.async_patch(url, Body("3"), use_awaitable);
    EXPECT_EQ(patch.body, "PATCH /v 3");
    const Response deleted = co_await asked.async_del(url, use_awaitable);
    EXPECT_EQ(deleted.body, "DELETE /v ");
  }(client, server.url("/v")));
}

TEST_F(Tokens, may_put_the_start_off) {
  auto later = client.async_get(server.url("/d"), tokens::deferred);
  io.run();
  EXPECT_EQ(server.requests_received(), 0);
  Ending<Response> ending;
  std::move(later)(ending.handler());
  io.restart();
  io.run();
  EXPECT_TRUE(succeeded(ending));
  EXPECT_EQ(ending.result.body, "GET /d ");
}

TEST_F(Tokens, that_put_the_start_off_may_be_dropped) {
  { auto never_started = client.async_get(server.url(), tokens::deferred); }
  EXPECT_EQ(io.run(), 0U);
  EXPECT_EQ(server.requests_received(), 0);
}

TEST_F(Tokens, may_make_a_tuple_of_error_and_result) {
  run([](Client& asked, std::string url) -> awaitable<void> {
    const auto token = tokens::as_tuple(use_awaitable);
    auto [ec, response] = co_await asked.async_get(url, token);
    EXPECT_FALSE(ec);
    EXPECT_EQ(response.body, "GET /t ");
    auto [wrong, none] = co_await asked.async_get("nonsense", token);
    EXPECT_EQ(wrong, Error::invalid_url);
  }(client, server.url("/t")));
}

TEST_F(Tokens, may_carry_a_cancellation_slot) {
  Gate answer;
  LoopbackServer slow([&](Peer& peer) {
    peer.read_request();
    peer.wait_for_eof();
  });
  asio::cancellation_signal signal;
  Ending<Response> ending;
  client.async_get(slow.url(), asio::bind_cancellation_slot(signal.slot(), ending.handler()));
  while (slow.requests_received() == 0) io.poll();
  signal.emit(asio::cancellation_type::terminal);
  EXPECT_EQ(ending.times, 0);
  io.run();
  EXPECT_TRUE(failed_with(ending, asio::error::operation_aborted));
  EXPECT_EQ(client.pool().stats().leased, 0U);
}

TEST_F(Tokens, may_race_with_a_timer) {
  using namespace asio::experimental::awaitable_operators;
  LoopbackServer silent([&](Peer& peer) {
    if (peer.read_request()) peer.wait_for_eof();
  });
  run([](Client& asked, std::string slow, std::string quick) -> awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(20));
    const auto late = co_await (asked.async_get(slow, use_awaitable) || timer.async_wait(use_awaitable));
    EXPECT_EQ(late.index(), 1U);
    EXPECT_EQ(asked.pool().stats().leased, 0U);
    timer.expires_after(std::chrono::minutes(1));
    const auto soon = co_await (asked.async_get(quick, use_awaitable) || timer.async_wait(use_awaitable));
    EXPECT_EQ(soon.index(), 0U);
  }(client, silent.url(), server.url("/r")));
  EXPECT_TRUE(silent.wait_for_closed_connections(1));
}

TEST_F(Tokens, of_managers_are_as_free) {
  const HttpRoute route("http", "127.0.0.1", server.port());
  PoolingConnectionManager& pool = client.pool();
  std::future<std::size_t> warmed = pool.async_warm(route, 2, asio::use_future);
  EXPECT_EQ(warmed.get(), 2U);
  run([](PoolingConnectionManager& asked, HttpRoute to) -> awaitable<void> {
    Lease lease = co_await asked.async_lease(to, use_awaitable);
    EXPECT_TRUE(lease.reused());
    EXPECT_EQ(asked.stats().leased, 1U);
  }(pool, route));
  EXPECT_EQ(pool.stats().leased, 0U);
}

}  // namespace
}  // namespace headway::testing
