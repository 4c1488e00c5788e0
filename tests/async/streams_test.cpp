// SPDX-License-Identifier: BSL-1.0

// Streams read asynchronously: with Asio's own read functions, read on after a cancellation, and one read at
// a time.

#include "tests/async/stage.hpp"

#include <headway/testing/loopback_server.hpp>

#include <asio/buffer.hpp>
#include <asio/read.hpp>
#include <asio/read_until.hpp>

#include <array>

namespace headway::testing {
namespace {

using asio::cancellation_type;

const std::string ten_to_come = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
const std::string chunks_to_come = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

class AsyncStreams : public ::testing::Test {
 protected:
  void read(Ending<std::size_t>& ending, asio::cancellation_slot slot = {}) {
    stream.async_read_some(asio::buffer(buffer), asio::bind_cancellation_slot(slot, ending.handler()));
    stage.settle();
  }
  void deliver(const std::string& bytes) {
    stage.last_peer().deliver(bytes);
    stage.settle();
  }
  std::string text(const Ending<std::size_t>& ending) const { return {buffer.data(), ending.result}; }

  Stage stage;
  ResponseStream stream;
  std::array<char, 64> buffer{};
};

TEST_F(AsyncStreams, are_read_whole_by_async_read) {
  stream = stage.open(ten_to_come);
  std::string body;
  Ending<std::size_t> ending;
  asio::async_read(stream, asio::dynamic_buffer(body), ending.handler());
  deliver("01234");
  EXPECT_EQ(ending.times, 0);
  deliver("56789");
  EXPECT_TRUE(failed_with(ending, asio::error::eof));
  EXPECT_EQ(body, "0123456789");
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

TEST_F(AsyncStreams, are_read_up_to_a_size_by_async_read) {
  stream = stage.open(ten_to_come + "0123456789");
  std::array<char, 3> one{};
  std::array<char, 4> two{};
  Ending<std::size_t> ending;
  asio::async_read(stream, std::array{asio::buffer(one), asio::buffer(two)}, ending.handler());
  stage.settle();
  EXPECT_TRUE(succeeded(ending));
  EXPECT_EQ(std::string(one.data(), 3) + std::string(two.data(), 4), "0123456");
  EXPECT_EQ(stage.pool->stats().leased, 1U);
}

TEST_F(AsyncStreams, are_read_line_by_line_by_async_read_until) {
  stream = stage.open(chunks_to_come + "9\r\nline one\n\r\n");
  std::string text;
  Ending<std::size_t> first, second;
  asio::async_read_until(stream, asio::dynamic_buffer(text), '\n', first.handler());
  stage.settle();
  EXPECT_TRUE(succeeded(first));
  EXPECT_EQ(text.substr(0, first.result), "line one\n");
  text.erase(0, first.result);
  asio::async_read_until(stream, asio::dynamic_buffer(text), '\n', second.handler());
  deliver("6\r\nline t\r\n4\r\nwo\n!\r\n");
  EXPECT_TRUE(succeeded(second));
  EXPECT_EQ(text.substr(0, second.result), "line two\n");
}

TEST_F(AsyncStreams, have_trailers_and_info_once_they_are_drained) {
  stream = stage.open(chunks_to_come);
  Ending<void> drained;
  stream.async_drain(drained.handler());
  stage.clock.advance(2s);
  deliver("3\r\nabc\r\n");
  EXPECT_EQ(drained.times, 0);
  deliver("0\r\nX-Sum: 7\r\n\r\n");
  EXPECT_TRUE(succeeded(drained));
  EXPECT_EQ(stream.trailers()["X-Sum"], "7");
  EXPECT_EQ(stream.info().timings.total, 2s);
  EXPECT_EQ(stream.info().close_reason, CloseReason::none);
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

TEST_F(AsyncStreams, say_again_what_ended_them) {
  stream = stage.open(ten_to_come + "01234");
  stage.last_peer().end();
  Ending<std::size_t> good, cut, again;
  Ending<void> drained;
  read(good);
  read(cut);
  read(again);
  stream.async_drain(drained.handler());
  stage.settle();
  EXPECT_EQ(text(good), "01234");
  EXPECT_TRUE(failed_with(cut, Error::body_truncated));
  EXPECT_TRUE(failed_with(again, Error::body_truncated));
  EXPECT_TRUE(failed_with(drained, Error::body_truncated));
  EXPECT_EQ(stage.pool->stats().available, 0U);
}

TEST_F(AsyncStreams, can_be_read_on_after_a_read_was_cancelled) {
  for (const auto how : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
    stream = stage.open(ten_to_come);
    asio::cancellation_signal signal;
    Ending<std::size_t> cancelled, first, second;
    read(cancelled, signal.slot());
    signal.emit(how);
    EXPECT_EQ(cancelled.times, 0);
    stage.settle();
    EXPECT_TRUE(failed_with(cancelled, asio::error::operation_aborted));
    EXPECT_EQ(cancelled.result, 0U);
    EXPECT_EQ(stage.pool->stats().leased, 1U);
    deliver("01234");
    read(first);
    EXPECT_EQ(text(first), "01234");
    deliver("56789");
    read(second);
    EXPECT_EQ(text(second), "56789");
    EXPECT_TRUE(stage.at_rest());
  }
  EXPECT_EQ(stage.connector->dials(), 1U);
}

TEST_F(AsyncStreams, lose_nothing_where_a_read_is_cancelled_within_the_framing) {
  stream = stage.open(chunks_to_come);
  const std::string bytes = "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Sum: 7\r\n\r\n";
  std::string body;
  for (const char byte : bytes) {
    asio::cancellation_signal signal;
    Ending<std::size_t> cancelled, got;
    read(cancelled, signal.slot());
    signal.emit(cancellation_type::terminal);
    stage.settle();
    EXPECT_TRUE(failed_with(cancelled, asio::error::operation_aborted));
    read(got, signal.slot());
    deliver({byte});
    signal.emit(cancellation_type::terminal);
    stage.settle();
    EXPECT_EQ(got.times, 1);
    body += text(got);
  }
  EXPECT_EQ(body, "abcdefg");
  EXPECT_EQ(stream.trailers()["X-Sum"], "7");
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

TEST_F(AsyncStreams, lose_nothing_where_bytes_come_in_the_instant_of_the_cancellation) {
  stream = stage.open(ten_to_come);
  asio::cancellation_signal signal;
  Ending<std::size_t> cancelled, got;
  read(cancelled, signal.slot());
  stage.last_peer().deliver("0123456789");
  signal.emit(cancellation_type::terminal);
  stage.settle();
  EXPECT_TRUE(failed_with(cancelled, asio::error::operation_aborted));
  read(got);
  EXPECT_EQ(text(got), "0123456789");
}

TEST_F(AsyncStreams, may_be_drained_on_after_a_drain_was_cancelled) {
  stream = stage.open(ten_to_come);
  asio::cancellation_signal signal;
  Ending<void> cancelled, drained;
  stream.async_drain(asio::bind_cancellation_slot(signal.slot(), cancelled.handler()));
  deliver("012");
  signal.emit(cancellation_type::total);  // some of the body is gone
  stage.settle();
  EXPECT_EQ(cancelled.times, 0);
  signal.emit(cancellation_type::partial);
  stage.settle();
  EXPECT_TRUE(failed_with(cancelled, asio::error::operation_aborted));
  stream.async_drain(drained.handler());
  deliver("3456789");
  EXPECT_TRUE(succeeded(drained));
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

TEST_F(AsyncStreams, refuse_a_second_read_while_one_is_pending) {
  stream = stage.open(ten_to_come);
  Ending<std::size_t> first, second;
  Ending<void> drained;
  read(first);
  stream.async_read_some(asio::buffer(buffer), second.handler());
  stream.async_drain(drained.handler());
  EXPECT_EQ(second.times + drained.times, 0);
  std::error_code ec;
  EXPECT_EQ(stream.read_some(buffer, ec), 0U);
  EXPECT_EQ(ec, Error::operation_pending);
  stream.drain(ec);
  EXPECT_EQ(ec, Error::operation_pending);
  stage.settle();
  EXPECT_TRUE(failed_with(second, Error::operation_pending));
  EXPECT_TRUE(failed_with(drained, Error::operation_pending));
  EXPECT_EQ(first.times, 0);
  deliver("0123456789");
  EXPECT_EQ(text(first), "0123456789");
}

TEST(MixedStream, is_read_by_turns_with_and_without_blocking) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(response(200, "0123456789"));
    peer.wait_for_eof();
  });
  asio::io_context io;
  Client client{io.get_executor()};
  ResponseStream stream = client.open({.url = server.url()});
  std::string body;
  std::array<char, 2> buffer{};
  for (int turn = 0; turn < 5; ++turn) {
    std::error_code ec;
    Ending<std::size_t> read;
    if (turn % 2 == 0) {
      asio::async_read(stream, asio::buffer(buffer), read.handler());
      io.restart();
      io.run();
      EXPECT_TRUE(succeeded(read));
    } else {
      asio::read(stream, asio::buffer(buffer), ec);
      EXPECT_FALSE(ec);
    }
    body.append(buffer.data(), buffer.size());
  }
  EXPECT_EQ(body, "0123456789");
  EXPECT_EQ(client.pool().stats().available, 1U);
}

}  // namespace
}  // namespace headway::testing
