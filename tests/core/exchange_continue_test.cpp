// SPDX-License-Identifier: BSL-1.0

// Informational responses, and the body that waits for one (RFC 9110 section 10.1.1).

#include "tests/core/asked.hpp"

#include <gmock/gmock.h>

namespace headway::core {
namespace {

using ::testing::HasSubstr;

Request careful_post(Body body) {
  return {.method = "POST", .body = std::move(body), .options = {.expect_continue = ExpectContinue::always}};
}

TEST(ExchangeContinue, skips_informational_responses) {  // scenarios 88, 91
  Asked asked({});
  asked.script()
      .deliver("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
      .wants_read(Phase::response)
      .deliver(std::string("HTTP/1.1 100 Continue\r\n\r\n") + ok_hello)
      .succeeds();
  EXPECT_EQ(asked.head.status, 200);
  EXPECT_EQ(asked.head.headers["Link"], "");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeContinue, counts_informational_responses) {  // scenario 89
  Asked asked({}, {.limits = {.informational = 2}});
  std::string many;
  for (int i = 0; i < 3; ++i) many += "HTTP/1.1 102 Processing\r\n\r\n";
  asked.script().deliver(many).fails_with(Error::too_many_informational);
}

TEST(ExchangeContinue, sends_the_body_after_a_100) {  // scenario 90
  Asked asked(careful_post("body"));
  asked.script().wants_read(Phase::write, 1s);
  EXPECT_THAT(asked.peer->written(), HasSubstr("Expect: 100-continue\r\n"));
  EXPECT_EQ(asked.sent_body(), "");
  asked.script().deliver("HTTP/1.1 100 Continue\r\n\r\n").wants_read(Phase::response, 30s);
  EXPECT_EQ(asked.sent_body(), "body");
  asked.script().deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

// A waiter that receives may lose what comes in the moment of the deadline, which is no end here.
TEST(ExchangeContinue, lets_no_waiter_receive_while_silence_is_an_answer) {
  Asked asked(careful_post("body"), {.receives = testing::Receives::waiter});
  asked.script().wants_read(Phase::write, 1s);
  EXPECT_FALSE(asked.script().offers_room());
  asked.script().deliver("HTTP/1.1 100 Continue\r\n\r\n").wants_read(Phase::response);
  EXPECT_TRUE(asked.script().offers_room());
  asked.script().deliver(ok_empty).succeeds();
}

TEST(ExchangeContinue, sends_a_stream_after_a_100) {
  Asked asked(careful_post(pieces_body({"a", "b"})));
  asked.script().wants_read(Phase::write, 1s).deliver("HTTP/1.1 100 Continue\r\n\r\n");
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.sent_body(), "1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
}

TEST(ExchangeContinue, sends_no_body_after_a_final_response) {
  Asked asked(careful_post("body"));
  asked.script()
      .wants_read(Phase::write)
      .deliver("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
      .succeeds();
  EXPECT_EQ(asked.head.status, 417);
  EXPECT_EQ(asked.sent_body(), "");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
}

TEST(ExchangeContinue, sends_the_body_after_a_second_of_silence) {
  Asked asked(careful_post("body"));
  asked.script().wants_read(Phase::write, 1s).advance(999ms).wants_read(Phase::write, 1ms);
  EXPECT_EQ(asked.sent_body(), "");
  asked.script().advance(1ms).wants_read(Phase::response, 30s);
  EXPECT_EQ(asked.sent_body(), "body");
  asked.script().deliver(std::string("HTTP/1.1 100 Continue\r\n\r\n") + ok_empty).succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeContinue, does_not_take_another_informational_response_for_a_100) {
  Asked asked(careful_post("body"));
  asked.script().wants_read(Phase::write, 1s).advance(400ms).deliver("HTTP/1.1 102 Processing\r\n\r\n");
  asked.script().wants_read(Phase::write, 600ms);
  EXPECT_EQ(asked.sent_body(), "");
}

TEST(ExchangeContinue, ends_where_the_connection_breaks_before_the_100) {
  Asked closed(careful_post("body"));
  closed.script().wants_read(Phase::write).end().fails_with(Error::connection_closed);
  Asked was_reset(careful_post("body"));
  was_reset.script().wants_read(Phase::write).reset().fails_with(Error::connection_reset);
  EXPECT_EQ(was_reset.sent_body(), "");
}

TEST(ExchangeContinue, gives_up_when_the_whole_call_is_out_of_time) {
  Asked asked(careful_post("body"), {.total = 500ms});
  asked.script().wants_read(Phase::write, 500ms).advance(500ms).fails_with(Error::total_timeout);
  EXPECT_EQ(asked.sent_body(), "");
}

TEST(ExchangeContinue, starts_the_response_timeout_after_the_body) {
  Asked asked(careful_post("body"), {.budgets = {.response = 5s}});
  asked.script().wants_read(Phase::write, 1s).advance(1s).wants_read(Phase::response, 5s);
  asked.script().advance(5s).fails_with(Error::response_timeout);
}

TEST(ExchangeContinue, waits_for_nothing_where_the_body_is_empty) {
  Asked asked(careful_post(""));
  asked.script().wants_read(Phase::response, 30s).deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
  Asked stream(careful_post(pieces_body({}, 0)));
  stream.script().wants_read(Phase::response, 30s).deliver(ok_empty).succeeds();
  EXPECT_EQ(stream.exchange.verdict(), CloseReason::none);
}

}  // namespace
}  // namespace headway::core
