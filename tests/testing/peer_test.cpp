// SPDX-License-Identifier: BSL-1.0

// What a handler may do to its client, seen through a bare socket.

#include "tests/support/raw_client.hpp"
#include "tests/testing/probing.hpp"

#include <headway/testing/loopback_server.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace headway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// What a client reads up to the end after it has sent a request.
std::string answer_of(LoopbackServer& server) {
  RawClient client(server.port());
  client.send(simple_get);
  return client.read_all();
}

TEST(Peer, closes_before_it_has_read_anything) {
  LoopbackServer server([](Peer& peer) { peer.close(); });
  EXPECT_EQ(RawClient(server.port()).read_all(), "");
}

TEST(Peer, closes_between_request_and_response) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.close();
  });
  EXPECT_EQ(answer_of(server), "");
}

TEST(Peer, closes_with_a_reset_where_it_left_something_unread) {
  Gate sent;
  LoopbackServer server([&](Peer& peer) {
    peer.read_head();
    peer.wait_for(sent);
  });
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\n");
  ASSERT_TRUE(server.wait_for_requests(1));
  client.send("body");
  sent.open();
  EXPECT_EQ(errno_of([&] { client.read(1); }), ECONNRESET);
}

TEST(Peer, closes_at_any_byte_of_a_response) {
  for (std::size_t at = 0; at < whole.size(); ++at) {
    LoopbackServer server([&](Peer& peer) {
      peer.read_request();
      peer.write(whole.substr(0, at));
    });
    EXPECT_EQ(answer_of(server), whole.substr(0, at));
  }
}

TEST(Peer, resets_in_the_middle_of_a_response) {
  Gate read_so_far;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1");
    peer.wait_for(read_so_far);
    peer.reset();
  });
  RawClient client(server.port());
  client.send(simple_get);
  EXPECT_EQ(client.read(8), "HTTP/1.1");
  read_so_far.open();
  EXPECT_EQ(errno_of([&] { client.read(1); }), ECONNRESET);
}

TEST(Peer, sends_bytes_that_nobody_asked_for) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(std::string(whole) + "surplus");
  });
  EXPECT_EQ(answer_of(server), std::string(whole) + "surplus");
}

TEST(Peer, writes_a_response_in_two_parts_wherever_it_is_split) {
  for (std::size_t at = 0; at <= whole.size() + 1; ++at) {
    LoopbackServer server([&](Peer& peer) {
      peer.read_request();
      peer.write_split(whole, at);
    });
    EXPECT_EQ(answer_of(server), whole) << at;
  }
}

TEST(Peer, stalls_until_the_client_gives_up) {
  std::string left;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.stall();
    left = peer.read_some();
  });
  RawClient client(server.port());
  client.send(simple_get);
  ASSERT_TRUE(server.wait_for_requests(1));
  client.send("never read");
  EXPECT_EQ(server.connections_open(), 1);
  client.half_close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(left, "never read");
  EXPECT_THAT(server.handler_errors(), IsEmpty());
}

TEST(Peer, sees_that_its_client_has_closed_without_waiting) {
  bool before = true, after = false;
  Gate looked;
  LoopbackServer server([&](Peer& peer) {
    before = peer.client_has_closed();
    looked.open();
    peer.wait_for_eof();
    after = peer.client_has_closed();
  });
  RawClient client(server.port());
  ASSERT_TRUE(looked.wait());
  client.close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_FALSE(before);
  EXPECT_TRUE(after);
}

TEST(Peer, reads_whatever_has_come) {
  std::string got;
  LoopbackServer server([&](Peer& peer) {
    while (got.size() < 3) got += peer.read_some();
    EXPECT_EQ(peer.read_some(), "");
  });
  RawClient client(server.port());
  client.send("abc");
  client.close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(got, "abc");
}

TEST(Peer, tells_a_handler_that_uses_what_it_has_closed) {
  Gate told;
  LoopbackServer server([&](Peer& peer) {
    peer.close();
    EXPECT_THROW(peer.write("x"), std::logic_error);
    told.open();
  });
  EXPECT_EQ(RawClient(server.port()).read_all(), "");
  EXPECT_TRUE(told.wait());
}

TEST(Handlers, take_turns_and_the_last_serves_all_others) {
  auto say = [](std::string text) { return [text](Peer& peer) { peer.write(text); }; };
  LoopbackServer server(in_turn({say("first"), say("second"), say("other")}));
  for (const char* expected : {"first", "second", "other", "other"})
    EXPECT_EQ(RawClient(server.port()).read_all(), expected);
}

TEST(Handlers, that_are_missing_are_told_at_once) {
  EXPECT_THROW(in_turn({}), std::invalid_argument);
  EXPECT_THROW(in_turn({Handler()}), std::invalid_argument);
}

TEST(Handlers, keep_what_they_throw_for_the_test) {
  LoopbackServer server(
      in_turn({[](Peer&) { throw std::runtime_error("on purpose"); }, [](Peer&) { throw 1; }}));
  EXPECT_EQ(RawClient(server.port()).read_all(), "");
  EXPECT_EQ(RawClient(server.port()).read_all(), "");
  ASSERT_TRUE(server.wait_for_closed_connections(2));
  EXPECT_THAT(server.handler_errors(), ElementsAre("on purpose", "something that is no std::exception"));
}

}  // namespace
}  // namespace headway::testing
