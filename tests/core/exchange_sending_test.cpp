// SPDX-License-Identifier: BSL-1.0

// How an exchange sends: bodies of every kind, writes that go half-way, servers that answer too early.

#include "tests/core/asked.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <stdexcept>

namespace headway::core {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(ExchangeSending, puts_head_and_small_body_into_one_write) {
  Asked asked(post("body"));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.peer->writes().size(), 1U);
  EXPECT_THAT(asked.peer->written(), HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(asked.peer->written(), EndsWith("\r\n\r\nbody"));
}

TEST(ExchangeSending, goes_on_where_a_write_stopped) {
  Asked asked(post("0123456789"));
  asked.peer->accept(5);
  asked.peer->accept(3);  // less than was offered: that there is room for no more needs no further call
  asked.script().wants_write(30s).accept(200);
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_THAT(asked.peer->written(), EndsWith("\r\n\r\n0123456789"));
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, finds_an_answer_that_the_transport_holds_while_a_write_is_blocked) {  // scenario 106
  Asked asked(post("0123456789"), {.raw = testing::ScriptedTransport::Raw::no});
  asked.peer->block_write();
  asked.peer->block_write();
  asked.peer->deliver("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  asked.script().succeeds();
  EXPECT_EQ(asked.head.status, 413);
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
}

TEST(ExchangeSending, stops_and_goes_on_at_every_byte) {
  Asked whole(post("0123456789"));
  whole.script().deliver(ok_empty).succeeds();
  for (std::size_t first = 1; first < whole.peer->written().size(); ++first) {
    Asked asked(post("0123456789"));
    asked.peer->accept(first);
    asked.peer->block_write();
    asked.script().wants_write().accept_all().wants_read(Phase::response).deliver(ok_empty).succeeds();
    EXPECT_EQ(asked.peer->written(), whole.peer->written()) << "stopped after " << first;
  }
}

TEST(ExchangeSending, sends_a_large_body_piece_by_piece) {
  const std::string large(1'000'000, 'x');
  Asked asked(post(large));
  for (int i = 0; i < 40; ++i) {
    asked.peer->accept(30'000);
    asked.peer->block_write();
  }
  asked.peer->deliver(ok_empty);
  asked.script();  // the response is there from the start, and ends the sending
  asked.script().run().succeeds();
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
  Asked patient(post(large));
  patient.peer->accept(500'000);
  patient.peer->block_write();
  patient.script().wants_write().accept_all().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_EQ(patient.sent_body(), large);
}

TEST(ExchangeSending, sends_a_stream_of_unknown_length_in_chunks) {
  Asked asked(post(pieces_body({"hello", " world!"})));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_THAT(asked.peer->written(), HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(asked.sent_body(), "5\r\nhello\r\n7\r\n world!\r\n0\r\n\r\n");
  EXPECT_EQ(asked.peer->writes().size(), 4U);  // scenario 105: each piece leaves as soon as it is there
}

TEST(ExchangeSending, sends_a_stream_of_known_length_as_it_is) {
  Asked asked(post(pieces_body({"hello", " world!"}, 12)));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_THAT(asked.peer->written(), HasSubstr("Content-Length: 12\r\n"));
  EXPECT_EQ(asked.sent_body(), "hello world!");
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, sends_an_empty_stream) {  // scenario 104
  Asked chunked(post(pieces_body({})));
  chunked.script().deliver(ok_empty).succeeds();
  EXPECT_EQ(chunked.sent_body(), "0\r\n\r\n");
  Asked counted(post(pieces_body({}, 0)));
  counted.script().deliver(ok_empty).succeeds();
  EXPECT_EQ(counted.sent_body(), "");
  EXPECT_EQ(counted.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, sends_a_file) {
  const testing::TemporaryDirectory directory;
  const std::string content = "0123456789" + std::string(40'000, 'f');
  std::ofstream(directory.path() / "f") << content;
  Asked asked(post(Body::file(directory.path() / "f")));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_THAT(asked.peer->written(), HasSubstr("Content-Length: 40010\r\n"));
  EXPECT_EQ(asked.sent_body(), content);
}

TEST(ExchangeSending, sends_trailers_behind_a_body_in_memory) {
  Request request = post("hello");
  request.trailers = {{"X-Sum", "7"}};
  Asked asked(std::move(request));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.sent_body(), "5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
}

TEST(ExchangeSending, sends_trailers_behind_a_stream) {
  Request request = post(pieces_body({"a"}));
  request.trailers = {{"X-Sum", "7"}};
  Asked asked(std::move(request));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_EQ(asked.sent_body(), "1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n");
}

// Pool rule 33; scenarios 106, 108, 111.
TEST(ExchangeSending, delivers_a_response_that_comes_before_the_request_is_sent) {
  Asked asked(post("0123456789"));
  asked.peer->accept(5);
  asked.peer->block_write();
  asked.script().wants_write().deliver("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno").succeeds();
  EXPECT_EQ(asked.head.status, 401);
  EXPECT_EQ(asked.body, "no");
  EXPECT_FALSE(asked.exchange.request_complete());
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
}

TEST(ExchangeSending, looks_for_a_response_though_no_write_of_a_large_body_has_to_wait) {  // pool rule 33
  Asked asked(post(std::string(1'500'000, 'x')));
  asked.peer->deliver("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
  asked.script().succeeds();
  EXPECT_EQ(asked.head.status, 401);
  EXPECT_LT(asked.peer->written().size(), 1'200'000U);
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
}

TEST(ExchangeSending, asks_an_endless_body_no_more_once_the_response_is_there) {
  int asked_for = 0;
  Asked asked(post(Body::stream([&](std::span<char> into, std::error_code&) {
    ++asked_for;
    return into.size();
  })));
  for (int i = 0; i < 3; ++i) asked.peer->accept(100'000);
  asked.peer->block_write();
  asked.script().wants_write().deliver(ok_empty).succeeds();
  EXPECT_EQ(asked_for, 3);
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
}

TEST(ExchangeSending, ends_where_the_server_closes_its_side_while_it_takes_no_more) {  // scenario 111
  Asked asked(post("0123456789"));
  asked.peer->accept(5);
  asked.peer->block_write();
  asked.script().wants_write().end().fails_with(Error::connection_closed);
  EXPECT_TRUE(asked.exchange.sent_anything());
}

TEST(ExchangeSending, prefers_a_response_over_its_own_write_error) {  // pool rule 34; scenarios 39, 107
  Asked asked(post("0123456789"));
  asked.peer->accept(5);
  asked.peer->fail_write(Error::connection_reset);
  asked.peer->deliver("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
  asked.script().resume().succeeds();
  EXPECT_EQ(asked.head.status, 413);
  EXPECT_EQ(asked.exchange.verdict(), CloseReason::request_unfinished);
}

TEST(ExchangeSending, reports_the_write_error_where_no_response_can_be_read) {
  Asked asked(post("0123456789"));
  asked.peer->accept(5);
  asked.peer->fail_write(Error::connection_reset);
  asked.script().end().fails_with(Error::connection_reset);
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, knows_that_nothing_was_sent_where_the_first_write_fails) {  // pool rule 46
  Asked asked({});
  asked.peer->fail_write(Error::connection_reset);
  asked.script().end().fails_with(Error::connection_reset);
  EXPECT_FALSE(asked.exchange.sent_anything());
  EXPECT_FALSE(asked.exchange.response_started());
}

TEST(ExchangeSending, fails_with_the_error_of_its_body) {  // pool rule 51; scenario 110
  Asked asked(post(Body::stream([calls = 0](std::span<char> into, std::error_code& ec) mutable {
    if (++calls == 2) ec = std::make_error_code(std::errc::io_error);
    into[0] = 'x';
    return std::size_t{1};
  })));
  asked.script().fails_with(std::make_error_code(std::errc::io_error));
  EXPECT_TRUE(asked.exchange.body_failed());
  EXPECT_FALSE(asked.exchange.request_complete());
  EXPECT_EQ(asked.sent_body(), "1\r\nx\r\n");
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, lets_an_exception_of_its_body_through) {  // scenario 135
  Asked asked(post(Body::stream(
      [](std::span<char>, std::error_code&) -> std::size_t { throw std::logic_error("mine"); })));
  asked.script().ends();
  EXPECT_THROW(asked.script().result(), std::logic_error);
  EXPECT_TRUE(asked.exchange.body_failed());
  EXPECT_NE(asked.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, refuses_a_body_shorter_or_longer_than_it_said) {  // scenario 109
  Asked shorter(post(pieces_body({"abc"}, 4)));
  shorter.script().fails_with(Error::body_length_mismatch);
  EXPECT_TRUE(shorter.exchange.body_failed());
  Asked longer(post(pieces_body({"abc", "d"}, 3)));
  longer.script().fails_with(Error::body_length_mismatch);
  EXPECT_TRUE(longer.exchange.body_failed());
  EXPECT_EQ(longer.sent_body(), "abc");
  EXPECT_NE(longer.exchange.verdict(), CloseReason::none);
}

TEST(ExchangeSending, asks_a_body_until_it_says_that_it_is_at_its_end) {
  int calls = 0;
  Asked asked(post(Body::stream(
      [&](std::span<char> into, std::error_code&) -> std::size_t {
        if (++calls == 2) return 0;
        into[0] = 'x';
        return 1;
      },
      1)));
  asked.script().wants_read(Phase::response).deliver(ok_empty).succeeds();
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace headway::core
