// SPDX-License-Identifier: BSL-1.0

// Every phase has its limit, and none of them can be stretched by a server that drips.

#include "tests/core/asked.hpp"

namespace headway::core {
namespace {

TEST(ExchangeTime, gives_up_when_the_first_byte_is_late) {  // scenario 77
  Asked asked({}, {.budgets = {.response = 5s}});
  asked.script().wants_read(Phase::response, 5s).advance(5s).fails_with(Error::response_timeout);
  EXPECT_FALSE(asked.exchange.response_started());
  EXPECT_EQ(asked.exchange.phase(), Phase::response);
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeTime, gives_up_where_a_head_drips_for_longer_than_the_response_may_take) {
  Asked asked({}, {.budgets = {.response = 5s}});
  asked.script().deliver("HTTP/1.1 200 OK\r\nX: ");
  for (int i = 0; i < 5; ++i) asked.script().wants_read(Phase::response).advance(900ms).deliver("x");
  asked.script().wants_read(Phase::response, 500ms).advance(900ms).fails_with(Error::response_timeout);
}

TEST(ExchangeTime, gives_up_though_a_byte_is_there_whenever_it_looks) {
  Asked asked({}, {.budgets = {.response = 1s}});
  asked.script().wants_read(Phase::response);
  asked.peer->deliver("H");
  asked.clock.advance(1s);
  asked.script().resume().fails_with(Error::response_timeout);
}

TEST(ExchangeTime, starts_the_response_timeout_when_the_request_is_sent) {  // scenario 78
  Asked asked(post("0123456789"), {.budgets = {.write = 30s, .response = 5s}});
  asked.peer->accept(5);
  asked.peer->block_write();
  asked.script().wants_write(30s).advance(20s).accept_all().wants_read(Phase::response, 5s);
}

TEST(ExchangeTime, gives_up_where_the_server_takes_no_byte) {
  Asked asked(post("0123456789"), {.budgets = {.write = 3s}});
  asked.peer->accept(5);
  asked.peer->block_write();
  asked.script().wants_write(3s).advance(3s).fails_with(Error::write_timeout);
  EXPECT_EQ(asked.exchange.phase(), Phase::write);
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeTime, starts_the_write_timeout_anew_with_each_byte_taken) {
  Asked asked(post("0123456789"), {.budgets = {.write = 3s}});
  asked.peer->accept(1);
  asked.peer->block_write();
  for (int i = 0; i < 5; ++i) {
    asked.script().wants_write(3s).advance(2s);
    asked.peer->accept(1);
    asked.script().resume();
  }
  asked.script().wants_write(3s).advance(3s).fails_with(Error::write_timeout);
}

TEST(ExchangeTime, does_not_let_informational_bytes_stretch_the_write_timeout) {
  Asked asked(post("0123456789"), {.budgets = {.write = 3s}});
  asked.peer->accept(5);
  for (int i = 0; i < 3; ++i) asked.peer->block_write();
  asked.script().wants_write(3s).advance(2s).deliver("HTTP/1.1 1");
  asked.script().wants_write(1s).advance(1s).fails_with(Error::write_timeout);
}

TEST(ExchangeTime, gives_up_where_the_body_stalls) {
  Asked asked({}, {.budgets = {.read = 3s}});
  asked.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
  asked.script().wants_read(Phase::read, 3s).advance(2s).deliver("l").wants_read(Phase::read, 3s);
  asked.script().advance(3s).fails_with(Error::read_timeout);
  EXPECT_EQ(asked.body, "hel");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::response_unread);
}

TEST(ExchangeTime, gives_up_a_head_that_drips_for_ever_when_the_call_is_out_of_time) {
  Asked asked({}, {.total = 10s});
  asked.script().deliver("HTTP/1.1 200 OK\r\nX: ");
  int bytes = 0;
  while (!asked.script().done() && ++bytes < 100) asked.script().advance(900ms).deliver("x");
  EXPECT_EQ(bytes, 12);  // 11 x 900 ms < 10 s
  asked.script().fails_with(Error::total_timeout);
}

TEST(ExchangeTime, gives_up_a_body_that_drips_for_ever_when_the_call_is_out_of_time) {  // scenario 77
  for (const char* framing : {"Content-Length: 1000", "X: y", "Content-Length: 1000000"}) {
    Asked asked({}, {.total = 10s, .buffer = 8192});
    asked.script().deliver(std::string("HTTP/1.1 200 OK\r\n") + framing + "\r\n\r\n");
    int bytes = 0;
    while (!asked.script().done() && ++bytes < 100) asked.script().advance(900ms).deliver("x");
    EXPECT_EQ(bytes, 12) << framing;
    asked.script().fails_with(Error::total_timeout);
    EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
  }
}

TEST(ExchangeTime, gives_up_an_upload_that_drips_for_ever_when_the_call_is_out_of_time) {
  Asked asked(post(std::string(1000, 'x')), {.total = 10s});
  asked.peer->accept(1);
  asked.peer->block_write();
  asked.script().wants_write(10s);
  int bytes = 0;
  while (!asked.script().done() && ++bytes < 100) {
    asked.peer->accept(1);
    asked.peer->block_write();
    asked.script().advance(900ms).resume();
  }
  EXPECT_EQ(bytes, 12);
  asked.script().fails_with(Error::total_timeout);
}

TEST(ExchangeTime, blames_the_phase_where_both_limits_end_together) {
  Asked asked({}, {.budgets = {.response = 5s}, .total = 5s});
  asked.script().wants_read(Phase::response, 5s).advance(5s).fails_with(Error::response_timeout);
}

TEST(ExchangeTime, blames_the_call_where_its_limit_is_the_nearer_one) {
  Asked asked({}, {.budgets = {.response = 5s}, .total = 4s});
  asked.script().wants_read(Phase::response, 4s).advance(4s).fails_with(Error::total_timeout);
}

TEST(ExchangeTime, knows_no_limit_where_there_is_none) {
  Asked asked({}, {.budgets = {.response = unlimited, .read = unlimited}});
  asked.script().wants_read(Phase::response, unlimited).advance(1000h);
  asked.script().deliver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").wants_read(Phase::read, unlimited);
  asked.script().advance(1000h).deliver("hello").succeeds();
}

TEST(ExchangeTime, answers_within_a_timeout_of_0_only_what_is_there) {
  Asked asked({}, {.budgets = {.response = 0s}});
  asked.script().wants_read(Phase::response, 0s).advance(0s).fails_with(Error::response_timeout);
}

}  // namespace
}  // namespace headway::core
