// SPDX-License-Identifier: BSL-1.0

// The same exchange again and again, each time broken or dropped one step later.

#include "tests/core/asked.hpp"

namespace headway::core {
namespace {

using testing::Fault;
using testing::Outcome;
using testing::Receives;

struct Conversation {
  Request (*request)();
  std::vector<std::string> response;
  std::string sent = {};        ///< what the request ends with: the response's first piece comes after it
  std::string sent_again = {};  ///< the same for the second piece
  AskOptions options = {};
};

Conversation simple_get() {
  return {[] { return Request{}; }, {ok_hello}};
}

Conversation streamed_post() {
  return {[] {
            return Request{.method = "POST", .body = pieces_body({"hello", "world", "!"})};
          },
          {"HTTP/1.1 201 Created\r\nContent-", "Length: 2\r\n\r\no", "k"},
          "0\r\n\r\n"};
}

Conversation post_on_demand() {
  return {[] {
            return Request{.method = "POST",
                           .body = pieces_body({"hello", "world"}, 10),
                           .options = {.expect_continue = ExpectContinue::always}};
          },
          {"HTTP/1.1 100 Continue\r\n\r\n", ok_hello},
          "\r\n\r\n",
          "world"};
}

Conversation streamed_response() {
  return {[] { return Request{}; },
          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhel", "lo\r\n", "3\r\nabc\r",
           "\n0\r\n", "X-Sum: 7\r\n\r\n"}};
}

Conversation large_response() {
  const std::vector<std::string> response = {"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n",
                                             std::string(15000, 'x'), std::string(5000, 'y')};
  return {.request = [] { return Request{}; }, .response = response, .options = {.buffer = 8192}};
}

void deliver(const Conversation& conversation, testing::ScriptedPeer& peer) {
  for (std::size_t i = 0; i < conversation.response.size(); ++i) {
    const std::string sent = i == 0 ? conversation.sent : i == 1 ? conversation.sent_again : "";
    peer.deliver_after(sent, conversation.response[i]);
  }
}

/// `waits`: how often it may wait before it is destroyed.
Outcome hold(const Conversation& conversation, Fault fault, Receives receives, int waits) {
  AskOptions options = conversation.options;
  options.receives = receives;
  Asked asked(conversation.request(), options);
  asked.peer->break_at(fault);
  if (receives == Receives::operation) asked.peer->hesitate();
  deliver(conversation, *asked.peer);
  asked.script().run(waits);
  Outcome outcome;
  outcome.interrupted = asked.peer->broken() || !asked.script().done();
  if (asked.script().done()) outcome.error = asked.script().result();
  asked.script().cancel();
  outcome.reusable = asked.exchange.verdict() == CloseReason::none;
  return outcome;
}

class ExchangeFaults : public ::testing::TestWithParam<Conversation (*)()> {};

TEST_P(ExchangeFaults, end_it_with_an_error_whichever_step_fails) {
  for (const Receives receives : {Receives::operation, Receives::waiter}) {
    testing::fail_each_step([&](Fault fault) { return hold(GetParam()(), fault, receives, 1'000'000); });
  }
}

TEST_P(ExchangeFaults, leave_nothing_behind_wherever_it_is_dropped) {
  testing::cancel_each_step([&](int waits) { return hold(GetParam()(), {}, Receives::operation, waits); });
}

std::string name_of(const ::testing::TestParamInfo<Conversation (*)()>& each) {
  static const std::vector<std::string> names = {"a_simple_get", "a_streamed_post", "a_careful_post",
                                                 "a_streamed_response", "a_large_response"};
  return names[each.index];
}

INSTANTIATE_TEST_SUITE_P(in, ExchangeFaults,
                         ::testing::Values(simple_get, streamed_post, post_on_demand, streamed_response,
                                           large_response),
                         name_of);

}  // namespace
}  // namespace headway::core
