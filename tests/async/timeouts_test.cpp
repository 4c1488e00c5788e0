// SPDX-License-Identifier: BSL-1.0

// Each phase's timeout on a clock that stands: it fires at its time, neither before nor after, by itself.

#include "tests/async/parked.hpp"

#include <asio/buffer.hpp>

#include <chrono>

namespace headway::testing {
namespace {

struct Limit {
  const char* name;
  void (*park)(Parked&);
  Timeouts timeouts;
  Error error;
};

void PrintTo(const Limit& limit, std::ostream* out) { *out << limit.name; }

const std::array limits{
    Limit{"a_lease", park_in_the_queue, {.lease = 5s}, Error::lease_timeout},
    Limit{"connecting", park_while_dialling, {.connect = 5s}, Error::connect_timeout},
    Limit{"writing", park_while_writing, {.write = 5s}, Error::write_timeout},
    Limit{"the_response", park_before_the_response, {.response = 5s}, Error::response_timeout},
    Limit{"reading", park_within_the_body, {.read = 5s}, Error::read_timeout},
    Limit{"the_whole_in_the_queue", park_in_the_queue, {.total = 5s}, Error::total_timeout},
    Limit{"the_whole_while_dialling", park_while_dialling, {.total = 5s}, Error::total_timeout},
    Limit{"the_whole_while_writing", park_while_writing, {.total = 5s}, Error::total_timeout},
    Limit{"the_whole_before_the_response", park_before_the_response, {.total = 5s}, Error::total_timeout},
    Limit{"the_whole_within_the_body", park_within_the_body, {.total = 5s}, Error::total_timeout},
};

class AsyncLimits : public ::testing::TestWithParam<Limit> {};

INSTANTIATE_TEST_SUITE_P(Of, AsyncLimits, ::testing::ValuesIn(limits),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(AsyncLimits, fire_at_their_time) {
  Parked parked;
  parked.timeouts = GetParam().timeouts;
  GetParam().park(parked);
  parked.stage.pass(4999ms);
  EXPECT_EQ(parked.ending.times, 0);
  parked.stage.pass(1ms);
  EXPECT_TRUE(failed_with(parked.ending, GetParam().error));
  parked.held.reset();
  EXPECT_TRUE(parked.stage.at_rest());
  EXPECT_EQ(parked.stage.pool->stats().available, 0U);
  EXPECT_TRUE(parked.stage.io.stopped());
}

TEST(AsyncTimeouts, of_those_who_wait_fire_each_at_its_own_time) {
  Stage stage({.max_per_route = 1});
  const Lease held = stage.lease();
  std::array<Ending<Response>, 3> endings;
  const std::array times{3s, 1s, 2s};
  for (std::size_t i = 0; i < times.size(); ++i) {
    Request request{.url = url_a, .options = {.timeouts = {.lease = times.at(i)}}};
    stage.client.async_send(std::move(request), endings.at(i).handler());
  }
  stage.pass(1s);
  EXPECT_EQ(endings[1].times, 1);
  stage.pass(1s);
  EXPECT_EQ(endings[2].times, 1);
  EXPECT_EQ(endings[0].times, 0);
  EXPECT_EQ(stage.pool->stats().pending, 1U);
  stage.pass(1s);
  EXPECT_TRUE(failed_with(endings[0], Error::lease_timeout));
}

TEST(AsyncTimeouts, of_a_lease_fire_though_nobody_touches_the_pool) {
  PoolingConnectionManager pool({.max_per_route = 1}, {.connector = [] {
                                  auto connector = std::make_shared<ScriptedConnector>();
                                  connector->answer_at_once();
                                  return connector;
                                }()});
  const Lease held = pool.lease(route_a);
  asio::io_context io;
  Ending<Lease> ending;
  const auto start = std::chrono::steady_clock::now();
  pool.async_lease(route_a, {.lease = 20ms}, asio::bind_executor(io.get_executor(), ending.handler()));
  io.run();
  EXPECT_TRUE(failed_with(ending, Error::lease_timeout));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

/// Several requests on one connection, each with its own limit on the response's head.
class OneConnection : public ::testing::Test {
 protected:
  void ask(Duration limit) {
    ending = {};
    Request request{.url = url_a, .options = {.timeouts = {.response = limit}}};
    stage.client.async_send(std::move(request), ending.handler());
    stage.settle();
    if (stage.has_unanswered_dial()) stage.accept();
    stage.settle();
  }
  void answer_after(Duration time) {
    stage.pass(time);
    EXPECT_EQ(ending.times, 0);
    stage.last_peer().deliver(ok_hello);
    stage.settle();
    EXPECT_TRUE(succeeded(ending));
  }
  void expect_late_at(Duration time) {
    stage.pass(time - 1ms);
    EXPECT_EQ(ending.times, 0);
    stage.pass(1ms);
    EXPECT_TRUE(failed_with(ending, Error::response_timeout));
    EXPECT_EQ(stage.connector->dials(), 1U);
  }

  Stage stage;
  Ending<Response> ending;
};

TEST_F(OneConnection, has_a_shorter_limit_after_a_longer_one) {
  ask(30s);
  answer_after(10s);
  ask(5s);
  expect_late_at(5s);
}

TEST_F(OneConnection, has_a_longer_limit_after_a_shorter_one) {
  ask(5s);
  answer_after(1s);
  ask(30s);
  expect_late_at(30s);
}

TEST_F(OneConnection, has_no_limit_after_one) {
  ask(5s);
  answer_after(1s);
  ask(unlimited);
  answer_after(100h);
  ask(5s);
  expect_late_at(5s);
}

TEST_F(OneConnection, has_limits_that_hold_though_it_was_idle_beyond_the_last_one) {
  ask(10s);
  answer_after(1s);
  stage.clock.advance(20s);
  ask(5s);
  expect_late_at(5s);
}

TEST_F(OneConnection, counts_each_limit_from_its_own_request) {
  for (int i = 0; i < 10; ++i) {
    ask(5s);
    answer_after(4s);
  }
  ask(5s);
  expect_late_at(5s);
}

TEST(AsyncTimeouts, of_reading_begin_anew_with_every_piece) {
  Stage stage;
  ResponseStream stream = stage.open("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  std::array<char, 8> buffer{};
  for (int i = 0; i < 3; ++i) {
    Ending<std::size_t> read;
    stream.async_read_some(asio::buffer(buffer), read.handler());
    stage.pass(29s);
    stage.last_peer().deliver("x");
    stage.settle();
    EXPECT_TRUE(succeeded(read));
  }
  Ending<std::size_t> late;
  stream.async_read_some(asio::buffer(buffer), late.handler());
  stage.pass(30s);
  EXPECT_TRUE(failed_with(late, Error::read_timeout));
  EXPECT_TRUE(stage.at_rest());
}

TEST(AsyncTimeouts, between_tries_let_the_next_one_begin_at_its_time) {
  Parked parked;
  park_before_a_retry_after_a_refusal(parked);
  parked.stage.pass(1h - 1ms);
  EXPECT_FALSE(parked.stage.has_unanswered_dial());
  parked.stage.pass(1ms);
  ASSERT_TRUE(parked.stage.has_unanswered_dial());
  parked.stage.accept().deliver(ok_hello);
  parked.stage.settle();
  EXPECT_TRUE(succeeded(parked.ending));
  EXPECT_EQ(parked.ending.result.info.attempts, 2);
}

TEST(AsyncTimeouts, without_a_100_continue_send_the_body_after_a_second) {
  Stage stage;
  Ending<Response> ending;
  Request upload{.method = "PUT",
                 .url = url_a,
                 .body = "content",
                 .options = {.expect_continue = ExpectContinue::always}};
  stage.client.async_send(std::move(upload), ending.handler());
  stage.settle();
  ScriptedPeer& peer = stage.accept();
  stage.settle();
  stage.pass(999ms);
  EXPECT_TRUE(peer.written().ends_with("\r\n\r\n"));
  stage.pass(1ms);
  EXPECT_TRUE(peer.written().ends_with("\r\n\r\ncontent"));
  peer.deliver(ok_hello);
  stage.settle();
  EXPECT_TRUE(succeeded(ending));
}

TEST(AsyncTimeouts, that_are_over_at_once_do_not_wait) {
  Stage stage({.max_per_route = 1});
  const Lease held = stage.lease();
  Ending<Response> lease, total;
  Request hasty{.url = url_a, .options = {.timeouts = {.lease = 0ms}}};
  Request hopeless{.url = url_a, .options = {.timeouts = {.total = 0ms}}};
  stage.client.async_send(std::move(hasty), lease.handler());
  stage.client.async_send(std::move(hopeless), total.handler());
  EXPECT_EQ(lease.times + total.times, 0);
  stage.settle();
  EXPECT_TRUE(failed_with(total, Error::total_timeout));
  stage.pass(0ms);
  EXPECT_TRUE(failed_with(lease, Error::lease_timeout));
}

}  // namespace
}  // namespace headway::testing
