// SPDX-License-Identifier: BSL-1.0

// What the documentation shows of streams and of the asynchronous interface, as a user types it: each test is
// one line or loop of it, with what has to come of it.

#include "tests/client/client_fixture.hpp"

#include <headway/async.hpp>
#include <headway/headway.hpp>
#include <headway/testing/gate.hpp>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>

#include <array>
#include <future>
#include <sstream>
#include <thread>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;

/// Runs a coroutine, and all that it starts, to the end.
void run(asio::io_context& io, asio::awaitable<void> coroutine) {
  asio::co_spawn(io, std::move(coroutine), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  io.run();
}

Handler long_bodies() { return answer(response(200, std::string(100'000, 'b'))); }

/// Answers no request; `gate` tells how many have come.
Handler silent(Gate& gate) {
  return [&gate](Peer& peer) {
    if (peer.read_request()) peer.wait_for(gate);
  };
}

// --- streaming

TEST(StreamingAsShown, a_stream_is_read_to_its_end) {
  LoopbackServer server(long_bodies());
  const std::string url = server.url();
  headway::Client client;
  std::array<char, 4096> buffer;
  std::ostringstream sink;
  std::error_code ec;
  headway::ResponseStream stream = client.open({.url = url});
  EXPECT_EQ(stream.head().status, 200);
  EXPECT_EQ(client.pool().stats().leased, 1u);
  while (std::size_t n = stream.read_some(asio::buffer(buffer), ec))
    sink.write(buffer.data(), static_cast<std::streamsize>(n));
  EXPECT_EQ(ec, asio::error::eof);
  EXPECT_EQ(sink.str(), std::string(100'000, 'b'));
  EXPECT_EQ(client.pool().stats().leased, 0u);
}

TEST(StreamingAsShown, drain_gives_the_connection_back) {
  LoopbackServer server(long_bodies());
  headway::Client client;
  headway::ResponseStream stream = client.open({.url = server.url()});
  stream.drain();
  EXPECT_EQ(client.pool().stats().leased, 0u);
  EXPECT_EQ(client.pool().stats().available, 1u);
}

TEST(StreamingAsShown, close_closes_the_connection) {
  LoopbackServer server(long_bodies());
  headway::Client client;
  headway::ResponseStream stream = client.open({.url = server.url()});
  stream.close();
  EXPECT_EQ(client.pool().stats().leased, 0u);
  EXPECT_EQ(client.pool().stats().available, 0u);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(StreamingAsShown, a_stream_is_a_sync_read_stream) {
  LoopbackServer server(answer(response(200, "first line\nsecond line\n")));
  headway::Client client;
  headway::ResponseStream stream = client.open({.url = server.url()});
  std::string lines;
  const std::size_t n = asio::read_until(stream, asio::dynamic_buffer(lines), '\n');
  EXPECT_EQ(lines.substr(0, n), "first line\n");
  std::error_code ec;
  asio::read(stream, asio::dynamic_buffer(lines), ec);
  EXPECT_EQ(ec, asio::error::eof);
  EXPECT_EQ(lines, "first line\nsecond line\n");
}

TEST(StreamingAsShown, a_stream_is_an_async_read_stream) {
  LoopbackServer server(answer(response(200, "first line\nsecond line\n")));
  asio::io_context io;
  headway::Client client{io.get_executor()};
  std::string lines;
  run(io, [&]() -> asio::awaitable<void> {
    headway::ResponseStream stream = co_await client.async_open({.url = server.url()}, asio::use_awaitable);
    const std::size_t n =
        co_await asio::async_read_until(stream, asio::dynamic_buffer(lines), '\n', asio::use_awaitable);
    EXPECT_EQ(lines.substr(0, n), "first line\n");
    std::error_code ec;
    co_await asio::async_read(stream, asio::dynamic_buffer(lines),
                              asio::redirect_error(asio::use_awaitable, ec));
    EXPECT_EQ(ec, asio::error::eof);
  }());
  EXPECT_EQ(lines, "first line\nsecond line\n");
}

// --- asynchronous

TEST(AsyncAsShown, a_coroutine_sends_and_opens) {
  LoopbackServer server(long_bodies());
  const std::string url = server.url();
  bool done = false;
  asio::io_context io;
  headway::Client client{io.get_executor(), {.pool = {.max_per_route = 64}}};
  EXPECT_EQ(client.pool().stats(headway::HttpRoute{"http", "127.0.0.1", server.port()}).max, 64u);
  run(io, [&]() -> asio::awaitable<void> {
    headway::Response r = co_await client.async_send({.url = url}, asio::use_awaitable);
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body.size(), 100'000u);

    std::array<char, 4096> buffer;
    headway::ResponseStream s = co_await client.async_open({.url = url}, asio::use_awaitable);
    EXPECT_EQ(s.head().status, 200);
    std::size_t n = co_await s.async_read_some(asio::buffer(buffer), asio::use_awaitable);
    EXPECT_GT(n, 0u);
    EXPECT_LE(n, buffer.size());
    co_await s.async_drain(asio::use_awaitable);
    EXPECT_EQ(client.pool().stats().leased, 0u);
    done = true;
  }());
  EXPECT_TRUE(done);
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST(AsyncAsShown, a_handler_is_given_an_error_code_and_a_response) {
  LoopbackServer server(echo_target());
  asio::io_context io;
  headway::Client client{io.get_executor(), {.pool = {.max_per_route = 64}}};
  const std::string url = server.url("/shown");
  int calls = 0;
  client.async_get(url, [&](std::error_code ec, headway::Response r) {
    ++calls;
    EXPECT_FALSE(ec);
    EXPECT_EQ(r.body, "/shown");
  });
  EXPECT_EQ(calls, 0);
  io.run();
  EXPECT_EQ(calls, 1);
}

TEST(AsyncAsShown, a_future_is_given_the_response) {
  LoopbackServer server(echo_target());
  asio::io_context io;
  headway::Client client{io.get_executor(), {.pool = {.max_per_route = 64}}};
  const std::string url = server.url("/shown");
  std::future<headway::Response> f = client.async_get(url, asio::use_future);
  io.run();
  EXPECT_EQ(f.get().body, "/shown");
}

TEST(AsyncAsShown, a_request_with_headers_and_a_body_is_named_and_moved) {
  Recorder recorder;
  LoopbackServer server(record(recorder));
  asio::io_context io;
  headway::Client client{io.get_executor()};
  run(io, [&]() -> asio::awaitable<void> {
    headway::Request request{
        .method = "POST",
        .url = server.url("/trace"),
        .headers = {{"Accept-Language", "zh-cn"}},
        .body = headway::Body::json(R"({"order": 17})"),
        .options = {.timeouts = {.connect = 1s, .total = 5s}},
    };
    const headway::Response r = co_await client.async_send(std::move(request), asio::use_awaitable);
    EXPECT_EQ(r.status, 200);
  }());
  const ReceivedRequest received = recorder.last();
  EXPECT_EQ(received.method, "POST");
  EXPECT_EQ(received.header("Accept-Language"), "zh-cn");
  EXPECT_EQ(received.body, R"({"order": 17})");
}

TEST(AsyncAsShown, every_verb_is_there) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return response(200, request.method == "HEAD" ? "" : request.method + ' ' + request.body);
  }));
  const std::string url = server.url();
  asio::io_context io;
  headway::Client client{io.get_executor()};
  run(io, [&]() -> asio::awaitable<void> {
    EXPECT_EQ((co_await client.async_get(url, asio::use_awaitable)).body, "GET ");
    EXPECT_EQ((co_await client.async_head(url, asio::use_awaitable)).body, "");
    EXPECT_EQ((co_await client.async_post(url, "a", asio::use_awaitable)).body, "POST a");
    EXPECT_EQ((co_await client.async_put(url, "b", asio::use_awaitable)).body, "PUT b");
    EXPECT_EQ((co_await client.async_patch(url, "c", asio::use_awaitable)).body, "PATCH c");
    EXPECT_EQ((co_await client.async_del(url, asio::use_awaitable)).body, "DELETE ");
  }());
}

TEST(AsyncAsShown, a_coroutine_is_thrown_what_a_handler_is_told) {
  asio::io_context io;
  headway::Client client{io.get_executor()};
  run(io, [&]() -> asio::awaitable<void> {
    try {
      co_await client.async_get("ftp://127.0.0.1/", asio::use_awaitable);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), headway::Error::unsupported_scheme);
    }
  }());
}

TEST(AsyncAsShown, a_bound_cancellation_slot_ends_a_request_and_leaves_the_pool_whole) {
  Gate gate;
  LoopbackServer server(silent(gate));
  const std::string url = server.url();
  asio::io_context io;
  headway::Client client{io.get_executor()};
  asio::cancellation_signal signal;
  std::error_code told;
  client.async_get(url, asio::bind_cancellation_slot(
                            signal.slot(), [&](std::error_code ec, headway::Response) { told = ec; }));
  while (server.requests_received() == 0 && !io.stopped()) io.poll();
  signal.emit(asio::cancellation_type::terminal);
  io.run();
  EXPECT_EQ(told, asio::error::operation_aborted);
  EXPECT_TRUE(pool_is_whole(client));
  gate.open();
}

TEST(AsyncAsShown, a_timer_wins_the_race_against_a_silent_server) {
  Gate gate;
  LoopbackServer server(silent(gate));
  const std::string url = server.url();
  asio::io_context io;
  headway::Client client{io.get_executor()};
  run(io, [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(io, 10ms);
    const auto first =
        co_await (client.async_get(url, asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
    EXPECT_EQ(first.index(), 1u);
    EXPECT_TRUE(pool_is_whole(client));
  }());
  gate.open();
}

TEST(AsyncAsShown, an_answer_wins_the_race_against_a_timer) {
  LoopbackServer server(echo_target());
  const std::string url = server.url("/shown");
  asio::io_context io;
  headway::Client client{io.get_executor()};
  run(io, [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(io, 1h);
    const auto first =
        co_await (client.async_get(url, asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
    const auto* answer = std::get_if<headway::Response>(&first);
    EXPECT_TRUE(answer != nullptr && answer->body == "/shown");
  }());
}

TEST(AsyncAsShown, one_client_serves_threads_and_coroutines_out_of_one_pool) {
  LoopbackServer server(echo_target());
  const std::string url = server.url();
  asio::io_context io;
  headway::Client client{io.get_executor(), {.pool = {.max_total = 1}}};
  {
    std::jthread blocking([&] {
      for (int i = 0; i < 50; ++i) EXPECT_EQ(client.get(url).status, 200);
    });
    run(io, [&]() -> asio::awaitable<void> {
      for (int i = 0; i < 50; ++i)
        EXPECT_EQ((co_await client.async_get(url, asio::use_awaitable)).status, 200);
    }());
  }
  EXPECT_EQ(server.requests_received(), 100);
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST(AsyncAsShown, a_client_without_an_executor_has_a_thread_of_its_own) {
  LoopbackServer server(echo_target());
  const std::string url = server.url();
  headway::Client client;
  std::promise<std::thread::id> called_on;
  client.async_get(url, [&](std::error_code ec, headway::Response) {
    EXPECT_FALSE(ec);
    called_on.set_value(std::this_thread::get_id());
  });
  const std::thread::id first = called_on.get_future().get();
  EXPECT_NE(first, std::this_thread::get_id());

  called_on = {};
  client.async_get(
      url, [&](std::error_code, headway::Response) { called_on.set_value(std::this_thread::get_id()); });
  EXPECT_EQ(called_on.get_future().get(), first);
}

}  // namespace
}  // namespace headway::testing
