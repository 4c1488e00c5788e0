// SPDX-License-Identifier: BSL-1.0

// What an exchange makes of responses: their framing, their end, and whether the connection may be kept.

#include "tests/core/asked.hpp"

#include <gmock/gmock.h>

namespace headway::core {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

TEST(Exchange, sends_a_request_in_one_write_and_reads_its_response) {
  Asked asked({.url = "http://a.test/x"});
  asked.script().wants_read(Phase::response, 30s).deliver(ok_hello).succeeds();
  EXPECT_EQ(asked.peer->writes().size(), 1U);
  EXPECT_THAT(asked.peer->written(), StartsWith("GET /x HTTP/1.1\r\nHost: a.test\r\n"));
  EXPECT_EQ(asked.head.status, 200);
  EXPECT_EQ(asked.body, "hello");
  EXPECT_TRUE(asked.exchange.request_complete());
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);  // pool rule 30
}

TEST(Exchange, keeps_a_connection_whose_response_was_empty) {  // scenario 3
  Asked asked({});
  asked.script().deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
  EXPECT_EQ(asked.exchange.known_remaining(), 0U);
}

TEST(Exchange, reads_a_response_that_comes_byte_by_byte) {
  Asked asked({});
  for (const char c : std::string(ok_hello)) asked.script().deliver({c});
  asked.script().succeeds();
  EXPECT_EQ(asked.body, "hello");
}

TEST(Exchange, lets_the_waiter_receive_head_and_body) {
  Asked asked({}, {.receives = testing::Receives::waiter});
  asked.script()
      .wants_read(Phase::response)
      .deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
      .wants_read(Phase::read, 30s)
      .deliver("llo")
      .succeeds();
  EXPECT_EQ(asked.body, "hello");
}

TEST(Exchange, tries_to_read_before_it_waits_where_something_is_held_already) {
  Asked asked({}, {.raw = testing::ScriptedTransport::Raw::no});
  asked.peer->deliver(ok_hello);
  asked.script().succeeds();
  EXPECT_EQ(asked.body, "hello");
}

TEST(Exchange, looks_at_what_the_transport_holds_behind_a_response) {  // pool rule 26
  using Idle = core::Transport::Idle;
  for (const auto& [look, reason] : {std::pair{Idle::quiet, CloseReason::none},
                                     {Idle::surplus, CloseReason::surplus_bytes},
                                     {Idle::ended, CloseReason::stale}}) {
    Asked asked({}, {.raw = testing::ScriptedTransport::Raw::no});
    asked.peer->set_look(look);
    asked.peer->deliver(ok_hello);
    asked.script().succeeds();
    EXPECT_EQ(asked.exchange.verdict(), reason);
  }
}

TEST(Exchange, keeps_the_connection_after_the_last_chunk_and_hands_out_trailers) {  // scenarios 11, 92
  Asked asked({});
  asked.script()
      .deliver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
      .wants_read(Phase::read)
      .deliver("0\r\nX-Sum: 7\r\n\r\n")
      .succeeds();
  EXPECT_EQ(asked.body, "hello");
  EXPECT_EQ(asked.trailers["X-Sum"], "7");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

TEST(Exchange, reads_until_the_server_closes_and_keeps_no_such_connection) {  // pool rule 31
  Asked asked({});
  asked.script().deliver("HTTP/1.1 200 OK\r\n\r\nhel").deliver("lo").wants_read(Phase::read).end().succeeds();
  EXPECT_EQ(asked.body, "hello");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::close_delimited);
}

TEST(Exchange, reports_a_reset_in_the_middle_of_a_close_delimited_body) {  // scenario 94
  Asked asked({});
  asked.script().deliver("HTTP/1.1 200 OK\r\n\r\nhel").reset().fails_with(Error::connection_reset);
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(Exchange, reports_a_body_shorter_than_its_length) {  // scenarios 93, 101
  Asked asked({});
  asked.script()
      .deliver("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello")
      .end()
      .fails_with(Error::body_truncated);
  EXPECT_EQ(asked.body, "hello");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::response_unread);
}

TEST(Exchange, reports_a_chunked_body_without_its_last_chunk) {  // scenario 94
  Asked asked({});
  asked.script()
      .deliver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
      .end()
      .fails_with(Error::body_truncated);
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::response_unread);
}

TEST(Exchange, tells_a_server_that_closed_silently_from_one_that_broke_off) {
  Asked silent({});
  silent.script().end().fails_with(Error::connection_closed);
  EXPECT_FALSE(silent.exchange.response_started());
  Asked broke_off({});
  broke_off.script().deliver("HTTP/1.1 2").end().fails_with(Error::malformed_response);
  EXPECT_TRUE(broke_off.exchange.response_started());  // pool rule 48
  Asked was_reset({});
  was_reset.script().reset().fails_with(Error::connection_reset);
  EXPECT_TRUE(was_reset.exchange.sent_anything());
}

TEST(Exchange, keeps_no_connection_with_bytes_behind_the_response) {  // pool rule 26; scenarios 12, 103
  Asked asked({});
  asked.script().deliver(std::string(ok_hello) + "HTTP/1.1 200 OK\r\n\r\n").succeeds();
  EXPECT_EQ(asked.body, "hello");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::surplus_bytes);
}

TEST(Exchange, keeps_no_connection_with_bytes_behind_a_response_without_a_body) {
  Asked asked({});
  asked.script().deliver(std::string(ok_empty) + "\r\n").succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::surplus_bytes);
}

TEST(Exchange, expects_no_body_where_there_can_be_none) {  // scenarios 84, 86
  Asked head({.method = "HEAD"});
  head.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").succeeds();
  EXPECT_EQ(head.exchange.verdict(), CloseReason::none);
  Asked no_content({});
  no_content.script().deliver("HTTP/1.1 204 No Content\r\n\r\n").succeeds();
  EXPECT_EQ(no_content.exchange.verdict(), CloseReason::none);
  Asked not_modified({});
  not_modified.script().deliver("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").succeeds();
  EXPECT_EQ(not_modified.exchange.verdict(), CloseReason::none);
}

TEST(Exchange, keeps_no_connection_whose_head_response_has_a_body_after_all) {
  Asked asked({.method = "HEAD"});
  asked.script().deliver(ok_hello).succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::surplus_bytes);
}

TEST(Exchange, ends_with_an_error_on_what_is_not_http) {  // scenario 96
  Asked asked({});
  asked.script().deliver("SSH-2.0-x\r\n").fails_with(Error::malformed_response);
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(Exchange, ends_with_an_error_on_a_head_beyond_its_limit) {  // scenario 97
  Asked asked({}, {.limits = {.head_bytes = 100}});
  asked.script()
      .deliver("HTTP/1.1 200 OK\r\nX: " + std::string(200, 'x') + "\r\n\r\n")
      .fails_with(Error::head_too_large);
}

TEST(Exchange, ends_with_an_error_on_a_chunk_size_that_is_none) {  // scenario 100
  Asked asked({});
  asked.script()
      .deliver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
      .fails_with(Error::malformed_response);
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::response_unread);
}

TEST(Exchange, receives_straight_into_a_large_buffer) {
  Asked asked({}, {.buffer = 8192});
  asked.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n").wants_read(Phase::read);
  asked.script().deliver(std::string(10000, 'x')).succeeds();
  EXPECT_EQ(asked.body, std::string(10000, 'x'));
  EXPECT_EQ(asked.peer->last_room(), 10000U - 8192U);  // never beyond what is the body's
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

TEST(Exchange, receives_through_its_own_buffer_for_a_small_one) {
  Asked asked({}, {.buffer = 7});
  asked.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").wants_read(Phase::read);
  asked.script().deliver(std::string(1000, 'x')).succeeds();
  EXPECT_EQ(asked.body, std::string(1000, 'x'));
  EXPECT_EQ(asked.peer->last_room(), Workspace::input_size);
}

TEST(Exchange, knows_how_much_body_is_to_come_where_the_server_said_so) {
  Asked asked({});
  asked.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
  EXPECT_EQ(asked.exchange.known_remaining(), 6U);
  asked.script().cancel();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::response_unread);
  Asked chunked({});
  chunked.script().deliver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(chunked.exchange.known_remaining(), std::nullopt);
}

TEST(Exchange, takes_what_is_there_without_waiting) {
  Asked asked({});
  asked.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  asked.script().cancel();
  EXPECT_FALSE(asked.exchange.receive_available());
  asked.peer->deliver("hello");
  EXPECT_TRUE(asked.exchange.receive_available());
  std::string into(16, '\0');
  std::size_t n = 0;
  std::error_code ec;
  EXPECT_TRUE(asked.exchange.read_received(into, n, ec));
  EXPECT_EQ(into.substr(0, n), "hello");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

}  // namespace
}  // namespace headway::core
