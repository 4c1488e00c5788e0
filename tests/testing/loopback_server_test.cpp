// SPDX-License-Identifier: BSL-1.0

// The loopback server's tests of itself: what it does on the wire, and that it can be waited for.

#include "tests/support/raw_client.hpp"
#include "tests/testing/probing.hpp"

#include <headway/testing/loopback_server.hpp>
#include <headway/testing/patience.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>

#include <memory>
#include <optional>
#include <set>

namespace headway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Handler greet() {
  return keep_alive([](const ReceivedRequest& request) { return response(200, "hello " + request.target); });
}

// Serves one request and hands it to the test.
struct OneRequest {
  std::optional<ReceivedRequest> got;
  LoopbackServer server{[this](Peer& peer) {
    got = peer.read_request();
    peer.write(response(200, ""));
  }};
};

TEST(LoopbackServer, answers_request_after_request_on_one_connection) {
  LoopbackServer server(greet());
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(simple_get);
    EXPECT_THAT(client.read_response(), HasSubstr("\r\n\r\nhello /a"));
  }
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_EQ(server.requests_received(), 3);
}

TEST(LoopbackServer, closes_after_the_response_where_the_client_asks_for_it) {
  LoopbackServer server(greet());
  RawClient client(server.port());
  client.send("GET /b HTTP/1.1\r\nconnection: close\r\n\r\n");
  EXPECT_THAT(client.read_all(), HasSubstr("hello /b"));
}

TEST(LoopbackServer, closes_after_a_response_that_says_so) {
  LoopbackServer server(
      keep_alive([](const ReceivedRequest&) { return response(200, "bye", "Connection: close\r\n"); }));
  RawClient client(server.port());
  client.send(simple_get);
  EXPECT_THAT(client.read_all(), HasSubstr("\r\n\r\nbye"));
}

TEST(LoopbackServer, hands_over_the_request_as_it_was_written) {
  OneRequest one;
  RawClient client(one.server.port());
  client.send("POST /a?b HTTP/1.1\r\nHost:  x \r\nContent-Length: 3\r\n\r\nabc");
  client.read_all();
  ASSERT_TRUE(one.got);
  EXPECT_EQ(one.got->method, "POST");
  EXPECT_EQ(one.got->target, "/a?b");
  EXPECT_EQ(one.got->version, "HTTP/1.1");
  EXPECT_THAT(one.got->header_lines, ElementsAre("Host:  x ", "Content-Length: 3"));
  EXPECT_EQ(one.got->header("host"), "x");
  EXPECT_EQ(one.got->header("accept"), std::nullopt);
  EXPECT_EQ(one.got->body, "abc");
  EXPECT_EQ(one.got->raw, "POST /a?b HTTP/1.1\r\nHost:  x \r\nContent-Length: 3\r\n\r\nabc");
}

TEST(LoopbackServer, undoes_chunked_coding_however_it_is_cut) {
  OneRequest one;
  RawClient client(one.server.port());
  for (char byte : std::string_view("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"))
    client.send({&byte, 1});
  client.read_all();
  ASSERT_TRUE(one.got);
  EXPECT_EQ(one.got->body, "abc0123456789");
}

TEST(LoopbackServer, leaves_what_follows_a_chunked_body_to_the_next_request) {
  LoopbackServer server(greet());
  RawClient client(server.port());
  client.send(
      "PUT /1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.read_response(), HasSubstr("hello /1"));
  EXPECT_THAT(client.read_response(), HasSubstr("hello /2"));
}

TEST(LoopbackServer, records_chunked_coding_that_is_broken) {
  for (std::string_view body : {"x\r\n", "1\r\nabc\r\n0\r\n\r\n", "\r\n"}) {
    OneRequest one;
    RawClient client(one.server.port());
    client.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send(body);
    ASSERT_TRUE(one.server.wait_for_closed_connections(1));
    EXPECT_EQ(one.server.handler_errors().size(), 1u) << body;
  }
}

TEST(LoopbackServer, lets_a_handler_answer_before_the_body_has_come) {
  std::optional<ReceivedRequest> request;
  LoopbackServer server([&](Peer& peer) {
    request = peer.read_head();
    peer.write("HTTP/1.1 100 Continue\r\n\r\n");
    peer.read_body(*request);
    peer.write(response(200, "thanks"));
  });
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_THAT(client.read_all(), HasSubstr("thanks"));
  EXPECT_EQ(request->body, "body");
}

TEST(LoopbackServer, reads_pipelined_requests_one_at_a_time) {
  LoopbackServer server(greet());
  RawClient client(server.port());
  client.send("POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nxyGET /2 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.read_response(), HasSubstr("hello /1"));
  EXPECT_THAT(client.read_response(), HasSubstr("hello /2"));
}

TEST(LoopbackServer, records_a_request_that_is_cut_off) {
  LoopbackServer server(greet());
  RawClient client(server.port());
  client.send("GET / HT");
  client.close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_THAT(server.handler_errors(), ElementsAre("the client closed inside a request's head"));
}

TEST(LoopbackServer, numbers_connections_and_counts_how_many_are_open_at_once) {
  LoopbackServer server([](Peer& peer) {
    peer.write(std::to_string(peer.index()));
    peer.wait_for_eof();
  });
  RawClient first(server.port()), second(server.port());
  EXPECT_EQ(first.read(1), "0");
  EXPECT_EQ(second.read(1), "1");
  EXPECT_EQ(server.connections_open(), 2);
  first.close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(server.connections_open(), 1);
  EXPECT_EQ(server.peak_open(), 2);
}

TEST(LoopbackServer, resets_a_connection) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  RawClient client(server.port());
  client.send(simple_get);
  EXPECT_EQ(errno_of([&] { client.read(1); }), ECONNRESET);
}

TEST(LoopbackServer, reads_on_after_it_has_half_closed) {
  std::optional<ReceivedRequest> second;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.half_close();
    second = peer.read_request();
  });
  RawClient client(server.port());
  client.send(simple_get);
  EXPECT_EQ(client.read_all(), "");
  client.send("GET /late HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->target, "/late");
}

TEST(LoopbackServer, writes_byte_by_byte) {
  LoopbackServer server([](Peer& peer) { peer.write_byte_by_byte("abc"); });
  EXPECT_EQ(RawClient(server.port()).read_all(), "abc");
}

TEST(LoopbackServer, tells_a_handler_that_its_client_has_gone) {
  bool taken = true;
  LoopbackServer server([&](Peer& peer) {
    peer.wait_for_eof();
    while ((taken = peer.write(std::string(4096, 'x')))) continue;
  });
  RawClient(server.port()).close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_FALSE(taken);
}

TEST(LoopbackServer, refuses_connections_until_it_listens_again_on_the_same_port) {
  LoopbackServer server(greet());
  RawClient kept(server.port());
  ASSERT_TRUE(server.wait_for_connections(1));
  server.stop_listening();
  EXPECT_EQ(errno_of([&] { RawClient refused(server.port()); }), ECONNREFUSED);
  kept.send(simple_get);
  EXPECT_THAT(kept.read_response(), HasSubstr("hello"));
  server.listen_again();
  RawClient again(server.port());
  again.send(simple_get);
  EXPECT_THAT(again.read_response(), HasSubstr("hello"));
}

TEST(LoopbackServer, stops_at_once_whatever_its_handlers_wait_for) {
  Gate never_opened;
  auto server = std::make_unique<LoopbackServer>([&](Peer& peer) {
    if (peer.index() == 0) peer.wait_for(never_opened);
    if (peer.index() == 1) peer.read_request();
    while (peer.write(std::string(65536, 'x'))) continue;
  });
  RawClient at_gate(server->port()), reading(server->port()), writing(server->port());
  ASSERT_TRUE(never_opened.wait_for_arrivals(1));
  ASSERT_TRUE(server->wait_for_connections(3));
  auto start = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, patience / 2);
}

std::set<int> inheritable_descriptors() {
  std::set<int> found;
  for (int fd = 0; fd < 256; ++fd) {
    int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) found.insert(fd);
  }
  return found;
}

TEST(LoopbackServer, opens_no_descriptor_that_a_child_would_inherit) {
  std::set<int> before = inheritable_descriptors();
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  RawClient client(server.port());
  ASSERT_TRUE(server.wait_for_connections(1));
  EXPECT_EQ(inheritable_descriptors(), before);
}

TEST(Gate, holds_a_handler_until_it_is_opened) {
  Gate gate;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.wait_for(gate);
    peer.write(response(200, "late"));
  });
  RawClient client(server.port());
  client.send(simple_get);
  ASSERT_TRUE(gate.wait_for_arrivals(1));
  EXPECT_EQ(server.connections_open(), 1);
  gate.open();
  EXPECT_THAT(client.read_all(), HasSubstr("late"));
  EXPECT_THAT(server.handler_errors(), IsEmpty());
}

TEST(Gate, lets_whoever_comes_later_straight_through) {
  Gate gate;
  gate.open();
  EXPECT_TRUE(gate.wait());
}

}  // namespace
}  // namespace headway::testing
