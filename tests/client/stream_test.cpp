// SPDX-License-Identifier: BSL-1.0

// Bodies read as they come: to the end, in part, with Asio's buffers, and longer than their client lives.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

#include <asio.hpp>

#include <array>
#include <deque>
#include <future>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class Streams : public ClientTest {
 protected:
  /// Opens a stream of 1000 bytes, all of which are there, and reads the first 10.
  ResponseStream half_read(Client& client, const LoopbackServer& server) {
    ResponseStream stream = open(client, {.url = server.url()}).stream;
    std::array<char, 10> first;
    for (std::size_t n = 0; n < first.size();) n += read(stream, std::span(first).subspan(n)).size;
    EXPECT_EQ(client.pool().stats().leased, 1u);
    return stream;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, Streams, all_flavours(), flavour_name);

Handler thousand_bytes() { return answer(response(200, std::string(1000, 't'))); }

TEST(StreamsAsShown, are_read_in_a_loop_until_eof) {
  const std::string content(1'000'000, 'c');
  LoopbackServer server(keep_alive([&](const ReceivedRequest&) { return response(200, content); }));
  headway::Client client;
  std::array<char, 7777> buffer;
  std::error_code ec;
  std::string sink;
  headway::ResponseStream stream = client.open({.url = server.url()});
  EXPECT_EQ(stream.head().status, 200);
  while (std::size_t n = stream.read_some(asio::buffer(buffer), ec)) sink.append(buffer.data(), n);
  EXPECT_EQ(ec, asio::error::eof);
  EXPECT_EQ(sink, content);
  EXPECT_EQ(client.pool().stats().available, 1u);
}

TEST(StreamsAsShown, are_sync_read_streams_in_asios_sense) {
  LoopbackServer server(answer(response(200, "line one\nline two\nrest")));
  Client client;
  ResponseStream stream = client.open({.url = server.url()});
  std::string text;
  const std::size_t line = asio::read_until(stream, asio::dynamic_buffer(text), '\n');
  EXPECT_EQ(text.substr(0, line), "line one\n");
  std::error_code ec;
  asio::read(stream, asio::dynamic_buffer(text), ec);
  EXPECT_EQ(ec, asio::error::eof);
  EXPECT_EQ(text, "line one\nline two\nrest");
  EXPECT_THROW(stream.read_some(asio::buffer(text)), std::system_error);
}

TEST(StreamsAsShown, take_sequences_of_buffers) {
  LoopbackServer server(answer(response(200, "0123456789")));
  Client client;
  ResponseStream stream = client.open({.url = server.url()});
  std::string one(0, ' '), two(4, ' '), three(6, ' ');
  const std::array<asio::mutable_buffer, 3> buffers{asio::buffer(one), asio::buffer(two),
                                                    asio::buffer(three)};
  EXPECT_EQ(asio::read(stream, buffers), 10u);
  EXPECT_EQ(two + three, "0123456789");
  std::error_code ec;
  EXPECT_EQ(stream.read_some(std::array<asio::mutable_buffer, 0>{}, ec), 0u);
  EXPECT_FALSE(ec);
}

TEST_P(Streams, give_the_connection_back_before_eof_is_seen) {  // pool rule 36
  LoopbackServer server(thousand_bytes());
  Client client;
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  std::array<char, 1000> all;
  for (std::size_t n = 0; n < all.size();) n += read(stream, std::span(all).subspan(n)).size;
  EXPECT_EQ(client.pool().stats().leased, 0u);
  EXPECT_EQ(client.pool().stats().available, 1u);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(read(stream, all).error, asio::error::eof);
  EXPECT_EQ(stream.info().close_reason, CloseReason::none);
  EXPECT_GT(stream.info().timings.total, 0us);
}

TEST_P(Streams, without_a_body_hold_no_connection) {
  LoopbackServer server(answer("HTTP/1.1 204 None\r\n\r\n"));
  Client client;
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  EXPECT_EQ(client.pool().stats().available, 1u);
  std::array<char, 1> byte;
  EXPECT_EQ(read(stream, byte).error, asio::error::eof);
}

TEST_P(Streams, do_not_read_into_nothing) {
  LoopbackServer server(thousand_bytes());
  Client client;
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  const Read got = read(stream, {});
  EXPECT_EQ(got.size, 0u);
  EXPECT_FALSE(got.error);
}

TEST_P(Streams, have_their_trailers_at_the_end) {
  LoopbackServer server(
      answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n"));
  Client client;
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  std::string body;
  EXPECT_FALSE(read_all(stream, body, 1));
  EXPECT_EQ(body, "a");
  EXPECT_EQ(stream.trailers()["X-T"], "1");
}

TEST_P(Streams, read_in_part_are_kept_by_draining) {
  LoopbackServer server(thousand_bytes());
  Client client;
  ResponseStream stream = half_read(client, server);
  EXPECT_FALSE(drain(stream));
  EXPECT_EQ(client.pool().stats().available, 1u);
  EXPECT_FALSE(drain(stream));
}

TEST_P(Streams, tell_again_that_the_body_was_cut_off) {
  LoopbackServer server(answer_and_close("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
  Client client;
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  EXPECT_EQ(drain(stream), Error::body_truncated);
  EXPECT_EQ(drain(stream), Error::body_truncated);
}

TEST_P(Streams, tell_by_draining_that_the_body_was_cut_off) {
  LoopbackServer server(answer_and_close("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
  Client client;
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  EXPECT_EQ(drain(stream), Error::body_truncated);
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(client.pool().stats().available, 0u);
}

TEST_P(Streams, end_as_they_should_where_the_server_is_gone_before_they_are_read) {  // scenario 102
  const std::string body(200'000, 'b');
  const std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
  const std::pair<std::string, std::error_code> table[] = {
      {"Content-Length: 200000\r\n", asio::error::eof},
      {"", asio::error::eof},  // its end is the connection's
      {"Content-Length: 200001\r\n", Error::body_truncated},
  };
  for (const auto& [length, end] : table) {
    std::promise<void> gone;
    LoopbackServer server([&, bytes = head + length + "\r\n" + body](Peer& peer) {
      peer.read_request();
      peer.write(bytes);
      peer.close();
      gone.set_value();
    });
    Client client;
    Opened opened = open(client, {.url = server.url()});
    ASSERT_FALSE(opened.error) << opened.error.message();
    ASSERT_EQ(gone.get_future().wait_for(patience), std::future_status::ready);
    std::string got;
    EXPECT_EQ(read_all(opened.stream, got), end == asio::error::eof ? std::error_code() : end) << length;
    EXPECT_EQ(got.size(), body.size()) << length;
    EXPECT_TRUE(pool_is_whole(client));
  }
}

TEST_P(Streams, read_in_part_are_dropped_by_closing) {  // scenario 16
  LoopbackServer server(thousand_bytes());
  Client client;
  ResponseStream stream = half_read(client, server);
  stream.close();
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(client.pool().stats().available, 0u);
  EXPECT_EQ(stream.info().close_reason, CloseReason::response_unread);
  std::array<char, 1> byte;
  EXPECT_EQ(read(stream, byte).error, asio::error::eof);
}

TEST_P(Streams, read_to_the_end_lose_nothing_by_closing) {
  LoopbackServer server(thousand_bytes());
  Client client;
  ResponseStream stream = half_read(client, server);
  drain(stream);
  stream.close();
  EXPECT_EQ(client.pool().stats().available, 1u);
  EXPECT_EQ(stream.info().close_reason, CloseReason::none);
}

TEST_P(Streams, with_little_left_that_is_there_are_kept_when_destroyed) {  // pool rule 35, scenario 15
  LoopbackServer server(thousand_bytes());
  Client client;
  half_read(client, server);
  EXPECT_EQ(client.pool().stats().available, 1u);
  get(client, server.url());
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(Streams, with_something_to_wait_for_are_closed_when_destroyed) {  // pool rule 35, scenarios 15 and 16
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
    peer.wait_for_eof();
  });
  Client client;
  half_read(client, server);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(client.pool().stats().available, 0u);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Streams, with_much_left_are_closed_when_destroyed) {  // pool rule 35
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.write("10\r\n0123456789abcdef\r\n")) {
    }
  });
  Client client;
  half_read(client, server);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(client.pool().stats().available, 0u);
}

TEST_P(Streams, outlive_their_client) {  // pool rule 75
  LoopbackServer server(thousand_bytes());
  ResponseStream stream;
  {
    Client client;
    stream = half_read(client, server);
  }
  std::string rest;
  EXPECT_FALSE(read_all(stream, rest));
  EXPECT_EQ(rest, std::string(990, 't'));
  EXPECT_EQ(stream.info().close_reason, CloseReason::shut_down);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST_P(Streams, can_be_moved_and_assigned) {  // pool rule 78
  LoopbackServer server(thousand_bytes());
  Client client;
  ResponseStream one = half_read(client, server);
  ResponseStream other = open(client, {.url = server.url()}).stream;
  other = std::move(one);
  EXPECT_FALSE(one);  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(other);
  EXPECT_EQ(client.pool().stats().leased, 1u);
  ResponseStream third(std::move(other));
  std::string rest;
  EXPECT_FALSE(read_all(third, rest));
  EXPECT_EQ(rest.size(), 990u);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Streams, have_no_limit_of_size) {
  LoopbackServer server(thousand_bytes());
  Client client{{.limits = {.max_body_size = 10}}};
  ResponseStream stream = open(client, {.url = server.url()}).stream;
  std::string body;
  EXPECT_FALSE(read_all(stream, body));
  EXPECT_EQ(body.size(), 1000u);
}

TEST_P(Streams, that_are_not_opened_are_empty) {
  Client client;
  Opened opened = open(client, {.url = "nonsense"});
  EXPECT_EQ(opened.error, Error::invalid_url);
  EXPECT_FALSE(opened.stream);
  EXPECT_FALSE(ResponseStream());
}

TEST_P(Streams, may_be_many_at_a_time) {
  LoopbackServer server(thousand_bytes());
  Client client;
  std::deque<ResponseStream> streams;
  for (int i = 0; i < 10; ++i) streams.push_back(open(client, {.url = server.url()}).stream);
  EXPECT_EQ(client.pool().stats().leased, 10u);
  for (ResponseStream& stream : streams) {
    std::string body;
    EXPECT_FALSE(read_all(stream, body, 100));
    EXPECT_EQ(body.size(), 1000u);
  }
  EXPECT_EQ(client.pool().stats().available, 10u);
}

}  // namespace
}  // namespace headway::testing
