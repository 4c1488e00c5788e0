// SPDX-License-Identifier: BSL-1.0

// Streams closed, assigned to, moved and destroyed while they are being read.

#include "tests/async/stage.hpp"

#include <asio/buffer.hpp>

#include <array>
#include <optional>

namespace headway::testing {
namespace {

const std::string ten_byte_head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

/// A stream with a read under way.
class ReadStream : public ::testing::Test {
 protected:
  ReadStream() {
    stream.emplace(stage.open(ten_byte_head));
    stream->async_read_some(asio::buffer(buffer), reading.handler());
    stage.settle();
    EXPECT_EQ(reading.times, 0);
  }
  void expect_aborted_and_closed() {
    EXPECT_EQ(reading.times, 0);
    stage.settle();
    EXPECT_TRUE(failed_with(reading, asio::error::operation_aborted));
    EXPECT_TRUE(stage.peer(0).closed());
    EXPECT_TRUE(stage.at_rest());
    EXPECT_TRUE(stage.io.stopped());
  }

  Stage stage;
  std::array<char, 64> buffer{};
  Ending<std::size_t> reading;
  std::optional<ResponseStream> stream;
};

TEST_F(ReadStream, destroyed_ends_the_read_and_closes_the_connection) {
  stream.reset();
  expect_aborted_and_closed();
}

TEST_F(ReadStream, destroyed_keeps_its_connection_where_all_of_the_body_is_there) {
  stage.last_peer().deliver("0123456789");
  stream.reset();
  stage.settle();
  EXPECT_TRUE(failed_with(reading, asio::error::operation_aborted));
  EXPECT_TRUE(stage.at_rest());
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

TEST_F(ReadStream, closed_ends_the_read_and_is_at_its_end) {
  stream->close();
  stream->close();
  expect_aborted_and_closed();
  EXPECT_EQ(stream->info().close_reason, CloseReason::response_unread);
  Ending<std::size_t> later;
  stream->async_read_some(asio::buffer(buffer), later.handler());
  stage.settle();
  EXPECT_TRUE(failed_with(later, asio::error::eof));
}

TEST_F(ReadStream, closed_does_not_take_what_is_there) {
  stage.last_peer().deliver("0123456789");
  stream->close();
  expect_aborted_and_closed();
}

TEST_F(ReadStream, assigned_to_ends_the_read) {
  *stream = ResponseStream();
  expect_aborted_and_closed();
}

TEST_F(ReadStream, moved_is_read_on) {
  ResponseStream moved = std::move(*stream);
  stream.reset();
  stage.last_peer().deliver("0123456789");
  stage.settle();
  EXPECT_TRUE(succeeded(reading));
  EXPECT_EQ(reading.result, 10U);
  EXPECT_TRUE(stage.at_rest());
}

TEST_F(ReadStream, outlives_its_client) {
  { const Client gone = std::move(stage.client); }
  EXPECT_EQ(reading.times, 0);
  stage.settle();
  EXPECT_TRUE(failed_with(reading, asio::error::operation_aborted));
  Ending<std::size_t> later;
  stream->async_read_some(asio::buffer(buffer), later.handler());
  stage.last_peer().deliver("0123456789");
  stage.settle();
  EXPECT_EQ(later.result, 10U);
  EXPECT_TRUE(stage.at_rest());
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

TEST(StreamHandler, may_destroy_the_stream) {
  Stage stage;
  std::optional<ResponseStream> stream = stage.open(ten_byte_head);
  std::array<char, 4> buffer{};
  int times = 0;
  stream->async_read_some(asio::buffer(buffer), [&](std::error_code, std::size_t) {
    ++times;
    stream.reset();
  });
  stage.last_peer().deliver("0123456");
  stage.settle();
  EXPECT_EQ(times, 1);
  EXPECT_TRUE(stage.at_rest());
  EXPECT_TRUE(stage.last_peer().closed());
}

TEST(StreamHandler, may_close_the_stream) {
  Stage stage;
  ResponseStream stream = stage.open(ten_byte_head);
  std::array<char, 4> buffer{};
  stream.async_read_some(asio::buffer(buffer), [&](std::error_code, std::size_t) { stream.close(); });
  stage.last_peer().deliver("0123");
  stage.settle();
  EXPECT_TRUE(stage.at_rest());
  EXPECT_TRUE(stage.last_peer().closed());
}

TEST(StreamHandler, may_destroy_its_client_and_read_on) {
  Stage stage;
  std::array<char, 64> buffer{};
  std::optional<ResponseStream> stream;
  std::size_t got = 0;
  stage.client.async_open({.url = url_a}, [&](std::error_code, ResponseStream opened) {
    { const Client gone = std::move(stage.client); }
    stream.emplace(std::move(opened));
    stream->async_read_some(asio::buffer(buffer), [&](std::error_code, std::size_t n) { got = n; });
  });
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_EQ(got, 5U);
  EXPECT_TRUE(stage.at_rest());
}

TEST(StreamHandler, that_takes_no_stream_leaves_nothing_leased) {
  Stage stage;
  stage.client.async_open({.url = url_a}, [](std::error_code, const ResponseStream&) {});
  stage.settle();
  stage.accept().deliver(ten_byte_head);
  stage.settle();
  EXPECT_TRUE(stage.at_rest());
  EXPECT_TRUE(stage.last_peer().closed());
}

}  // namespace
}  // namespace headway::testing
