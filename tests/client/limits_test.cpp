// SPDX-License-Identifier: BSL-1.0

// What a server may not do to a client: exceed its limits, break the protocol, never end.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class HostileServers : public ClientTest {
 protected:
  /// What a GET comes to whose connection is served by `hostile`. The connection must be closed afterwards,
  /// and the next request must go over another one as if nothing had been.
  std::error_code error_of(Handler hostile, ResponseLimits limits = {}, Request request = {}) {
    LoopbackServer server(first_connection(std::move(hostile)));
    Client client{{.limits = limits, .retry_strategy = NeverRetry{}}};
    request.url = server.url();
    const std::error_code error = ask(client, request).error;
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_EQ(client.pool().stats().available, 0u);
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
    EXPECT_EQ(server.connections_accepted(), 2);
    return error;
  }
  /// The same where the server sends `bytes` and leaves the rest to the client.
  std::error_code error_of_bytes(std::string bytes, ResponseLimits limits = {}, Request request = {}) {
    return error_of(
        [bytes = std::move(bytes)](Peer& peer) {
          peer.read_request();
          peer.write(bytes);
          peer.wait_for_eof();
        },
        limits, std::move(request));
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, HostileServers, all_flavours(), flavour_name);

/// Sends `start` and then `again` until the client has gone.
Handler flood(std::string start, std::string again) {
  return [start = std::move(start), again = std::move(again)](Peer& peer) {
    peer.read_request();
    if (!peer.write(start)) return;
    while (peer.write(again)) {
    }
  };
}

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

TEST_P(HostileServers, may_not_send_heads_without_end) {  // pool rule 66, scenario 97
  const std::string large = ok + "X: " + std::string(2000, 'x') + "\r\n\r\n";
  EXPECT_EQ(error_of_bytes(large, {.max_head_size = 1024}), Error::head_too_large);
  EXPECT_EQ(error_of(flood(ok + "X: ", "xxxxxxxxxxxxxxxx")), Condition::limit);
  EXPECT_EQ(error_of(flood("HTTP/1.1 200 ", "reason ")), Condition::limit);
}

TEST_P(HostileServers, may_not_send_more_fields_than_allowed) {  // pool rule 66, scenario 97
  std::string fields;
  for (int i = 0; i < 11; ++i) fields += "X: 1\r\n";
  EXPECT_EQ(error_of_bytes(ok + fields + "\r\n", {.max_fields = 10}), Error::too_many_fields);
  EXPECT_EQ(error_of_bytes(chunked + "0\r\n" + fields + "\r\n", {.max_fields = 10}), Error::too_many_fields);
  EXPECT_EQ(error_of(flood(ok, "X: 1\r\n")), Error::too_many_fields);
}

TEST_P(HostileServers, may_not_send_informational_responses_without_end) {  // pool rule 66, scenario 89
  EXPECT_EQ(error_of(flood("", "HTTP/1.1 103 Early\r\n\r\n")), Error::too_many_informational);
  EXPECT_EQ(error_of(flood("", "HTTP/1.1 100 Continue\r\n\r\n"), {.max_informational = 3}),
            Error::too_many_informational);
}

TEST_P(HostileServers, may_not_announce_a_body_that_is_too_large) {  // scenario 98
  EXPECT_EQ(error_of_bytes(ok + "Content-Length: 101\r\n\r\n", {.max_body_size = 100}),
            Error::body_too_large);
  EXPECT_EQ(error_of_bytes(ok + "Content-Length: 1000000000000\r\n\r\n"), Error::body_too_large);
}

TEST_P(HostileServers, may_not_send_a_body_that_is_too_large) {  // scenario 98
  const ResponseLimits small{.max_body_size = 100'000};
  EXPECT_EQ(error_of(flood(chunked, "8\r\n12345678\r\n"), small), Error::body_too_large);
  EXPECT_EQ(error_of(flood(ok + "\r\n", "12345678"), small), Error::body_too_large);
}

TEST_P(HostileServers, may_not_exceed_what_a_single_request_allows) {
  const Request modest{.options = {.max_body_size = 10}};
  EXPECT_EQ(error_of_bytes(ok + "Content-Length: 11\r\n\r\n", {}, modest), Error::body_too_large);
  const Request none{.options = {.max_body_size = 0}};
  EXPECT_EQ(error_of_bytes(ok + "Content-Length: 1\r\n\r\n", {}, none), Error::body_too_large);
}

TEST_P(HostileServers, may_not_spend_more_on_chunks_than_on_data) {  // pool rule 66, scenario 100
  const std::string extension = "1;" + std::string(1000, 'e') + "\r\na\r\n";
  EXPECT_EQ(error_of(flood(chunked, extension)), Error::chunk_overhead);
  EXPECT_EQ(error_of(flood(chunked + "1;", "eeeeeeee")), Error::chunk_overhead);
  EXPECT_EQ(error_of(flood(chunked + "0\r\n", "X: 1\r\n")), Condition::limit);
}

TEST_P(HostileServers, may_not_send_a_body_beyond_the_total_time) {  // scenario 77
  const Request hasty{.options = {.timeouts = {.total = 50ms}, .max_body_size = std::size_t{1} << 40}};
  const auto drip = [](Peer& peer) {
    peer.read_request();
    for (peer.write(chunked); peer.write("1\r\na\r\n");) std::this_thread::yield();
  };
  EXPECT_EQ(error_of(drip, {}, hasty), Error::total_timeout);
}

TEST_P(HostileServers, may_not_break_the_protocol) {  // scenario 96
  for (const char* bytes : {"garbage\r\n\r\n", "\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
                            "HTTP/1.1 0200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "HTTP/1.1 200 OK\nX: 1\n\n"}) {
    EXPECT_EQ(error_of_bytes(bytes), Error::malformed_response) << bytes;
  }
  for (const char* field :
       {"No colon", "Sp ace: 1", "Blank : 1", ": empty", "A: 1\r\n folded", "A: \x01", "A: 1\rB: 2"}) {
    EXPECT_EQ(error_of_bytes(ok + field + "\r\nContent-Length: 0\r\n\r\n"), Error::malformed_response)
        << field;
  }  // scenario 99
}

TEST_P(HostileServers, may_not_frame_a_body_in_two_ways) {  // pool rule 69, scenario 99
  for (const char* fields :
       {"Content-Length: 1\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 1",
        "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 1\r\nContent-Length: 1",
        "Content-Length: +1", "Content-Length: -1", "Content-Length: 1, 1",
        "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"}) {
    const std::error_code error = error_of_bytes(ok + fields + "\r\n\r\n1\r\na\r\n0\r\n\r\n");
    EXPECT_EQ(error, Error::ambiguous_framing) << fields << ": " << error.message();
  }
}

TEST_P(HostileServers, may_not_break_the_chunks) {  // pool rule 69, scenario 100
  for (const char* body :
       {"x\r\n", "-1\r\n", "1\r\nab\r\n", "fffffffffffffffff\r\n", "1\na\r\n", "1 \r\n\xff", "0x1\r\na"}) {
    EXPECT_EQ(error_of_bytes(chunked + body), Condition::protocol) << body;
  }
}

TEST_P(HostileServers, may_not_cut_a_body_off) {  // pool rule 70, scenarios 93, 94 and 101
  for (const std::string& bytes : {ok + "Content-Length: 10\r\n\r\nhalf", ok + "Content-Length: 10\r\n\r\n",
                                   chunked, chunked + "5\r\nhal", chunked + "4\r\nhalf\r\n",
                                   chunked + "4\r\nhalf\r\n0\r\n", chunked + "1\r\na\r\n0\r\nX: 1\r\n"}) {
    EXPECT_EQ(error_of(answer_and_close(bytes)), Error::body_truncated) << bytes;
  }
}

TEST_P(HostileServers, may_not_end_a_close_delimited_body_with_a_reset) {  // scenario 94
  Gate half_read;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(ok + "\r\nhalf");
    peer.wait_for(half_read);
    peer.reset();
  });
  Client client;
  Opened opened = open(client, {.url = server.url()});
  std::string body(4, '\0');
  for (std::size_t n = 0; n < 4;) n += read(opened.stream, std::span(body).subspan(n)).size;
  EXPECT_EQ(body, "half");
  half_read.open();
  EXPECT_EQ(read_all(opened.stream, body), Error::connection_reset);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(HostileServers, may_not_switch_protocols_unasked) {  // scenario 89
  EXPECT_EQ(error_of_bytes("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            Error::unexpected_upgrade);
}

TEST_P(HostileServers, may_send_what_is_exactly_allowed) {
  std::string head = "HTTP/1.1 103 Early\r\n\r\n" + ok + "Content-Length: 100\r\nX: ";
  head.append(512 - head.size() - 4, 'x').append("\r\n\r\n");
  LoopbackServer server(answer(head + std::string(100, 'b')));
  Client client{
      {.limits = {.max_head_size = 512, .max_fields = 2, .max_informational = 1, .max_body_size = 100}}};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(get(client, server.url()).response.body, std::string(100, 'b'));
  EXPECT_EQ(server.connections_accepted(), 1);
}

}  // namespace
}  // namespace headway::testing
