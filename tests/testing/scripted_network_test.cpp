// SPDX-License-Identifier: BSL-1.0

// The network without sockets, through a client, as users have it.

#include "src/testing/connection_script.hpp"
#include "tests/support/eventually.hpp"

#include <headway/async.hpp>
#include <headway/client.hpp>
#include <headway/idle_connection_monitor.hpp>
#include <headway/testing/testing.hpp>

#include <asio/io_context.hpp>
#include <asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>

#include <array>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::StartsWith;

constexpr const char* url = "http://orders.test/a";
const std::string end_of_head = "\r\n\r\n";

class Scripted : public ::testing::Test {
 protected:
  std::error_code get() {
    std::error_code ec;
    got = client.get(url, ec);
    return ec;
  }
  std::error_code put(std::string body) {
    std::error_code ec;
    got = client.put(url, std::move(body), ec);
    return ec;
  }

  ManualClock clock;
  ScriptedNetwork network;
  Client client{make_pool(network, clock), {.retry_strategy = NeverRetry{}}};
  Response got;
};

TEST_F(Scripted, answers_whatever_host_is_asked) {
  network.connection(0).deliver_after(end_of_head, response(200, "hello"));
  EXPECT_EQ(get(), std::error_code());
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(network.dials(), 1u);
  EXPECT_EQ(network.connection(0).route().host(), "orders.test");
  EXPECT_THAT(network.connection(0).written(), StartsWith("GET /a HTTP/1.1\r\n"));
}

TEST_F(Scripted, answers_request_after_request_on_a_kept_connection) {
  network.connection(0).deliver_after(end_of_head, response(200, "first"));
  network.connection(0).deliver_after(end_of_head, response(200, "second"));
  EXPECT_EQ(get(), std::error_code());
  EXPECT_EQ(got.body, "first");
  EXPECT_EQ(get(), std::error_code());
  EXPECT_EQ(got.body, "second");
  EXPECT_TRUE(got.info.connection_reused);
}

TEST_F(Scripted, brings_a_response_split_at_any_byte) {
  const std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t at = 1; at < answer.size(); ++at) {
    ScriptedNetwork split([&](ScriptedConnection& connection) {
      connection.deliver_after(end_of_head, answer.substr(0, at));
      connection.deliver(answer.substr(at));
    });
    EXPECT_EQ(Client(make_pool(split, clock)).get(url).body, "hello") << at;
  }
}

TEST_F(Scripted, takes_a_request_in_pieces) {
  for (int i = 0; i < 5; ++i) network.connection(0).accept(1);
  network.connection(0).deliver_after("body", response(204, ""));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(put("body"), std::error_code());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, patience) << "a piece was waited for";
  EXPECT_THAT(network.connection(0).written(), StartsWith("PUT /a"));
  EXPECT_THAT(network.connection(0).written(), EndsWith("\r\n\r\nbody"));
  EXPECT_THROW(network.connection(0).accept(0), std::invalid_argument);
}

TEST_F(Scripted, refuses) {
  network.connection(0).refuse();
  network.connection(1).refuse(Error::host_not_found);
  EXPECT_EQ(get(), Error::connection_refused);
  EXPECT_EQ(get(), Error::host_not_found);
}

TEST_F(Scripted, ends_the_stream_before_or_inside_a_response) {
  network.connection(0).end();
  EXPECT_EQ(get(), Error::connection_closed);
  network.connection(1).deliver_after(end_of_head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
  network.connection(1).end();
  EXPECT_EQ(get(), Error::body_truncated);
  EXPECT_TRUE(network.connection(1).closed());
}

TEST_F(Scripted, fails_reads_and_writes) {
  network.connection(0).fail_reads();
  EXPECT_EQ(get(), Error::connection_reset);
  network.connection(1).fail_writes();
  network.connection(1).fail_reads();
  EXPECT_EQ(get(), Error::connection_reset);
}

TEST_F(Scripted, brings_the_answer_of_a_server_that_takes_no_more) {
  network.connection(0).accept(20);
  network.connection(0).fail_writes();
  network.connection(0).deliver(response(413, "too large", "Connection: close\r\n"));
  EXPECT_EQ(put("body"), std::error_code());
  EXPECT_EQ(got.status, 413);
}

TEST_F(Scripted, lets_a_response_timeout_pass_without_waiting) {
  network.connection(0).stall();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(get(), Error::response_timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_F(Scripted, lets_a_response_timeout_pass_behind_a_request_in_pieces) {
  network.connection(0).accept(3);
  network.connection(0).accept(3);
  network.connection(0).stall(30s);
  EXPECT_EQ(get(), Error::response_timeout);
  EXPECT_THAT(network.connection(0).written(), EndsWith("\r\n\r\n"));
}

TEST_F(Scripted, lets_a_read_timeout_pass_in_the_middle_of_a_body) {
  network.connection(0).deliver_after(end_of_head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
  network.connection(0).stall(30s);
  EXPECT_EQ(get(), Error::read_timeout);
}

TEST_F(Scripted, lets_a_write_timeout_pass) {
  network.connection(0).accept(3);
  network.connection(0).stall_writes(30s);
  EXPECT_EQ(get(), Error::write_timeout);
  EXPECT_EQ(network.connection(0).written(), "GET");
}

TEST_F(Scripted, lets_a_connect_timeout_pass) {
  network.connection(0).ignore();
  const TimePoint start = clock.now();
  EXPECT_EQ(get(), Error::connect_timeout);
  EXPECT_EQ(clock.now() - start, 10s);
}

TEST_F(Scripted, lets_the_total_timeout_pass_before_the_connect_timeout) {
  network.connection(0).ignore();
  std::error_code ec;
  client.send({.url = url, .options = {.timeouts = {.total = 1s}}}, ec);
  EXPECT_EQ(ec, Error::total_timeout);
}

TEST_F(Scripted, ends_a_call_whose_clock_is_moved_by_another_thread) {
  auto call = std::async(std::launch::async, [&] { return get(); });
  ASSERT_TRUE(network.connection(0).wait_until_stalled());
  clock.advance(29s);
  ASSERT_TRUE(network.connection(0).wait_until_stalled());
  EXPECT_EQ(call.wait_for(0s), std::future_status::timeout);
  clock.advance(1s);
  EXPECT_EQ(call.get(), Error::response_timeout);
}

TEST_F(Scripted, ends_a_write_whose_clock_is_moved_by_another_thread) {
  network.connection(0).stall_writes(0s);
  auto call = std::async(std::launch::async, [&] { return get(); });
  ASSERT_TRUE(network.connection(0).wait_until_stalled());
  clock.advance(30s);
  EXPECT_EQ(call.get(), Error::write_timeout);
}

TEST_F(Scripted, wakes_a_call_by_what_comes_meanwhile) {
  auto call = std::async(std::launch::async, [&] { return get(); });
  ScriptedConnection& connection = network.connection(0);
  ASSERT_TRUE(connection.wait_for_written(end_of_head));
  ASSERT_TRUE(connection.wait_until_stalled());
  connection.deliver("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  ASSERT_TRUE(connection.wait_until_stalled());
  connection.deliver("ok");
  EXPECT_EQ(call.get(), std::error_code());
  EXPECT_EQ(got.body, "ok");
}

TEST_F(Scripted, resets_a_connection_that_a_call_waits_for) {
  auto call = std::async(std::launch::async, [&] { return get(); });
  ASSERT_TRUE(network.connection(0).wait_until_stalled());
  network.connection(0).reset();
  EXPECT_EQ(call.get(), Error::connection_reset);
  EXPECT_TRUE(network.connection(0).wait_until_closed());
}

TEST_F(Scripted, holds_a_dial_until_the_test_answers_it) {
  network.connection(0).hold();
  auto call = std::async(std::launch::async, [&] { return get(); });
  ASSERT_TRUE(network.wait_for_dials(1));
  EXPECT_EQ(client.pool().stats().connecting, 1u);
  network.connection(0).deliver_after(end_of_head, response(200, "late"));
  network.connection(0).open();
  EXPECT_EQ(call.get(), std::error_code());
  EXPECT_EQ(got.body, "late");
}

TEST_F(Scripted, ends_a_held_dial_by_the_clock) {
  network.connection(0).hold();
  auto call = std::async(std::launch::async, [&] { return get(); });
  ASSERT_TRUE(network.wait_for_dials(1));
  clock.advance(9s);
  EXPECT_EQ(call.wait_for(0s), std::future_status::timeout);
  clock.advance(1s);
  EXPECT_EQ(call.get(), Error::connect_timeout);
}

TEST_F(Scripted, shows_an_idle_connection_that_was_closed_or_sent_surplus) {
  network.connection(0).deliver_after(end_of_head, response(200, "a"));
  ASSERT_EQ(get(), std::error_code());
  network.connection(0).end();
  clock.advance(2s);  // so that it is looked at
  network.connection(1).deliver_after(end_of_head, response(200, "b"));
  ASSERT_EQ(get(), std::error_code());
  EXPECT_TRUE(network.connection(0).closed());
  network.connection(1).deliver("what nobody asked for");
  clock.advance(2s);
  network.connection(2).deliver_after(end_of_head, response(200, "c"));
  ASSERT_EQ(get(), std::error_code());
  EXPECT_TRUE(network.connection(1).closed());
  EXPECT_EQ(got.info.attempts, 1);
}

TEST(ScriptedNetwork, lets_a_monitor_see_what_the_server_has_closed) {
  ManualClock clock;
  ScriptedNetwork network;
  auto pool = make_pool(network, clock, {.max_idle = unlimited, .stale_check = nullptr});
  Client client{pool, {.keep_alive_strategy = [](const auto&, const auto&) { return unlimited; }}};
  network.connection(0).deliver_after(end_of_head, response(200, "a"));
  client.get(url);
  IdleConnectionMonitor monitor{pool, {.interval = 5s}};
  network.connection(0).end();
  // The monitor counts its intervals from when its thread gets to it, so one may not be enough.
  EXPECT_TRUE(eventually([&] {
    clock.advance(5s);
    return network.connection(0).closed();
  }));
}

TEST(ScriptedNetwork, serves_asynchronous_calls_too) {
  ManualClock clock;
  ScriptedNetwork network;
  asio::io_context io;
  Client client{io.get_executor(), make_pool(network, clock), {.retry_strategy = NeverRetry{}}};
  network.connection(0).deliver_after(end_of_head, response(200, "a"));
  network.connection(0).stall();
  network.connection(1).ignore();
  std::vector<std::string> seen;
  auto ask = [&] {
    client.async_get(url, [&](std::error_code ec, Response got) { seen.push_back(got.body + ec.message()); });
    io.restart();
    io.run();
  };
  ask();
  ask();
  ask();
  EXPECT_THAT(seen, ElementsAre("aSuccess", make_error_code(Error::response_timeout).message(),
                                make_error_code(Error::connect_timeout).message()));
}

TEST(ScriptedNetwork, wakes_asynchronous_calls_by_what_comes_and_by_the_clock) {
  ManualClock clock;
  ScriptedNetwork network;
  asio::io_context io;
  Client client{io.get_executor(), make_pool(network, clock), {.retry_strategy = NeverRetry{}}};
  auto answered = client.async_get(url, asio::use_future);
  auto late = client.async_get(url, asio::use_future);
  std::jthread runner([&] { io.run(); });
  for (int i : {0, 1}) ASSERT_TRUE(network.connection(static_cast<std::size_t>(i)).wait_until_stalled());
  network.connection(0).deliver(response(200, "a"));
  EXPECT_EQ(answered.get().body, "a");
  EXPECT_TRUE(eventually([&] {
    clock.advance(30s);
    return late.wait_for(0s) == std::future_status::ready;
  }));
  EXPECT_THROW(late.get(), std::system_error);
  io.stop();
}

TEST(ConnectionScript, fails_a_read_rather_than_let_it_wait_for_ever) {
  ManualClock clock;
  ConnectionScript script(1ms);
  const detail::Socket bell = script.open();
  std::array<char, 1> room{};
  ASSERT_TRUE(script.read(room, clock).blocked());
  pollfd rung{.fd = bell.descriptor(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&rung, 1, 10'000), 1);
  const std::error_code error = script.read(room, clock).error;
  EXPECT_EQ(error.message(), "neither the script nor the clock goes on");
  EXPECT_STREQ(error.category().name(), "headway.testing");
}

TEST(ScriptedNetwork, scripts_every_connection_that_is_dialled) {
  ManualClock clock;
  ScriptedNetwork network([](ScriptedConnection& connection) {
    connection.deliver_after(end_of_head, response(200, connection.route().host()));
  });
  Client client{make_pool(network, clock)};
  EXPECT_EQ(client.get("http://a.test/").body, "a.test");
  EXPECT_EQ(client.get("http://b.test/").body, "b.test");
  EXPECT_EQ(network.dials(), 2u);
}

TEST(ScriptedNetwork, passes_on_what_its_script_throws) {
  ManualClock clock;
  ScriptedNetwork network([](ScriptedConnection&) { throw std::runtime_error("on purpose"); });
  Client client{make_pool(network, clock)};
  std::error_code ec;
  EXPECT_THROW(client.get(url, ec), std::runtime_error);
}

TEST(ScriptedNetwork, may_be_gone_before_the_pool) {
  ManualClock clock;
  std::shared_ptr<PoolingConnectionManager> pool;
  {
    ScriptedNetwork network;
    network.connection(0).deliver_after(end_of_head, response(200, "still"));
    pool = make_pool(network, clock);
  }
  EXPECT_EQ(Client(pool).get(url).body, "still");
}

TEST(MakePool, ages_real_connections_by_the_test_s_clock) {
  ManualClock clock;
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "a"); }));
  auto pool = make_pool(clock, {.max_idle = 5s});
  Client client{pool};
  client.get(server.url());
  clock.advance(4s);
  EXPECT_EQ(pool->close_expired(), 0u);
  clock.advance(1s);
  EXPECT_EQ(pool->close_expired(), 1u);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(MakePool, refuses_options_out_of_range) {
  ManualClock clock;
  ScriptedNetwork network;
  EXPECT_THROW(make_pool(network, clock, {.max_total = 0}), std::system_error);
  EXPECT_THROW(make_pool(clock, {.max_total = 0}), std::system_error);
}

}  // namespace
}  // namespace headway::testing
