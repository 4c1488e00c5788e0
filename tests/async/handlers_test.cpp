// SPDX-License-Identifier: BSL-1.0

// When handlers are called: later than the call that starts the operation, and once, whatever comes of it.

#include "tests/async/stage.hpp"

#include <asio/buffer.hpp>

#include <array>
#include <functional>
#include <stdexcept>

namespace headway::testing {
namespace {

/// Starts an operation that ends at once: its handler must not be called within.
template <class Result>
void expect_called_later(Stage& stage, const std::function<void(Ending<Result>&)>& start) {
  Ending<Result> ending;
  start(ending);
  EXPECT_EQ(ending.times, 0);
  stage.settle();
  EXPECT_EQ(ending.times, 1);
  EXPECT_TRUE(stage.io.stopped());
}

TEST(AsyncHandlers, are_called_later_where_the_request_is_wrong) {
  Stage stage;
  Ending<Response> ending;
  stage.client.async_get("nonsense", ending.handler());
  EXPECT_EQ(ending.times, 0);
  stage.settle();
  EXPECT_TRUE(failed_with(ending, Error::invalid_url));
}

TEST(AsyncHandlers, are_called_later_where_the_pool_is_shut_down) {
  Stage stage;
  stage.pool->shutdown();
  expect_called_later<Response>(stage,
                                [&](auto& ending) { stage.client.async_get(url_a, ending.handler()); });
  expect_called_later<ResponseStream>(
      stage, [&](auto& ending) { stage.client.async_open({.url = url_a}, ending.handler()); });
}

TEST(AsyncHandlers, are_called_later_where_a_stream_is_at_its_end) {
  Stage stage;
  ResponseStream stream = stage.open("HTTP/1.1 204 None\r\n\r\n");
  std::array<char, 8> buffer{};
  expect_called_later<std::size_t>(
      stage, [&](auto& ending) { stream.async_read_some(asio::buffer(buffer), ending.handler()); });
  expect_called_later<void>(stage, [&](auto& ending) { stream.async_drain(ending.handler()); });
}

TEST(AsyncHandlers, are_called_later_where_there_is_nothing_to_read_into) {
  Stage stage;
  ResponseStream stream = stage.open(ok_hello);
  Ending<std::size_t> ending;
  stream.async_read_some(asio::mutable_buffer(), ending.handler());
  EXPECT_EQ(ending.times, 0);
  stage.settle();
  EXPECT_TRUE(succeeded(ending));
}

TEST(AsyncHandlers, are_called_later_where_the_bytes_are_there_already) {
  Stage stage;
  ResponseStream stream = stage.open(ok_hello);
  std::array<char, 8> buffer{};
  expect_called_later<std::size_t>(
      stage, [&](auto& ending) { stream.async_read_some(asio::buffer(buffer), ending.handler()); });
}

TEST(AsyncHandlers, are_called_later_where_the_answer_is_there_at_once) {
  Stage stage;
  stage.open("HTTP/1.1 204 None\r\n\r\n");
  stage.last_peer().deliver(ok_hello);
  expect_called_later<Response>(stage,
                                [&](auto& ending) { stage.client.async_get(url_a, ending.handler()); });
  EXPECT_EQ(stage.connector->dials(), 1U);
}

TEST(AsyncHandlers, are_told_of_what_was_wrong_with_the_request) {
  Stage stage;
  const auto error_of = [&](Request request) {
    Ending<Response> ending;
    stage.client.async_send(std::move(request), ending.handler());
    stage.settle();
    EXPECT_EQ(ending.times, 1);
    return ending.error;
  };
  EXPECT_EQ(error_of({.url = "ftp://a.test/"}), Error::unsupported_scheme);
  EXPECT_EQ(error_of({.method = "NO WAY", .url = url_a}), Error::invalid_method);
  EXPECT_EQ(error_of({.url = url_a, .headers = {{"X", "a\r\nb"}}}), Error::invalid_header);
  EXPECT_EQ(error_of({.url = url_a, .options = {.timeouts = {.read = -1ms}}}), Error::invalid_option);
  EXPECT_EQ(error_of({.method = "PUT", .url = url_a, .body = Body::file("/nowhere/at/all")}),
            Error::body_unreadable);
  EXPECT_EQ(stage.connector->dials(), 0U);
}

TEST(AsyncHandlers, may_be_movable_only) {
  Stage stage;
  int times = 0;
  ResponseStream stream = stage.open(ok_hello);
  std::array<char, 8> buffer{};
  stream.async_read_some(asio::buffer(buffer),
                         [own = std::make_unique<int*>(&times)](std::error_code, std::size_t) { ++**own; });
  stage.settle();
  EXPECT_EQ(times, 1);
  stage.client.async_get(
      url_a, [own = std::make_unique<int*>(&times)](std::error_code, const Response&) { ++**own; });
  stage.last_peer().deliver(ok_hello);
  stage.settle();
  EXPECT_EQ(times, 2);
}

TEST(AsyncHandlers, may_start_the_next_operation) {
  Stage stage;
  int left = 100;
  std::function<void()> next = [&] {
    stage.client.async_get(url_a, [&](std::error_code ec, const Response& response) {
      EXPECT_FALSE(ec);
      EXPECT_EQ(response.body, "hello");
      stage.last_peer().deliver(ok_hello);
      if (--left > 0) next();
    });
  };
  next();
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_EQ(left, 0);
  EXPECT_EQ(stage.connector->dials(), 1U);
}

TEST(AsyncHandlers, that_throw_leave_everything_whole) {
  Stage stage({.max_per_route = 1});
  Ending<Response> waiting;
  const auto thrower = [](std::error_code, const Response&) { throw std::runtime_error("handler"); };
  stage.client.async_get(url_a, thrower);
  stage.client.async_get(url_a, waiting.handler());
  stage.settle();
  ScriptedPeer& peer = stage.accept();
  peer.deliver(ok_hello);
  EXPECT_THROW(stage.settle(), std::runtime_error);
  peer.deliver(ok_hello);
  stage.settle();
  EXPECT_TRUE(succeeded(waiting));
  EXPECT_TRUE(stage.at_rest());
  EXPECT_EQ(stage.connector->dials(), 1U);
  EXPECT_TRUE(stage.io.stopped());
}

TEST(AsyncHandlers, that_throw_where_the_operation_ended_at_once_leave_everything_whole) {
  Stage stage;
  stage.client.async_get("nonsense",
                         [](std::error_code, const Response&) { throw std::runtime_error("handler"); });
  EXPECT_THROW(stage.settle(), std::runtime_error);
  stage.settle();
  EXPECT_TRUE(stage.io.stopped());
}

}  // namespace
}  // namespace headway::testing
