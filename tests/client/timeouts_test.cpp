// SPDX-License-Identifier: BSL-1.0

// Each phase's timeout: which one fires, and what becomes of the connection.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class TimeLimits : public ClientTest {
 protected:
  /// What a request comes to whose connection is served by `slow`; the connection must be closed then.
  Outcome outcome_of(Handler slow, Request request, Timeouts client_timeouts = {}) {
    LoopbackServer server(first_connection(std::move(slow)));
    Client client{{.timeouts = client_timeouts}};
    request.url = server.url();
    const Outcome outcome = ask(client, request);
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_EQ(client.pool().stats().available, 0u);
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
    return outcome;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, TimeLimits, all_flavours(), flavour_name);

/// Answers with `bytes` and no more.
Handler stall_after(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    peer.read_head();
    peer.write(bytes);
    peer.wait_for_eof();
  };
}

Request within(Timeouts timeouts) { return {.options = {.timeouts = timeouts}}; }

TEST_P(TimeLimits, of_the_response_holds_until_the_head_is_whole) {  // scenarios 74 and 77
  for (const char* bytes :
       {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nX: 1\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    const Outcome got = outcome_of(stall_after(bytes), within({.response = 30ms}));
    EXPECT_EQ(got.error, Error::response_timeout) << bytes;
    EXPECT_EQ(got.error, Condition::timeout);
  }
}

TEST_P(TimeLimits, of_reading_is_about_silence_in_the_body) {  // scenarios 74 and 75
  const std::string length = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& bytes : {length, length + "half", chunked, chunked + "5\r\nhalf"}) {
    EXPECT_EQ(outcome_of(stall_after(bytes), within({.read = 30ms})).error, Error::read_timeout) << bytes;
  }
}

TEST_P(TimeLimits, of_the_whole_call_holds_in_every_phase) {  // scenario 74
  EXPECT_EQ(outcome_of(stall_after(""), within({.total = 30ms})).error, Error::total_timeout);
  const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  EXPECT_EQ(outcome_of(stall_after(half), within({.total = 30ms})).error, Error::total_timeout);
}

TEST_P(TimeLimits, of_writing_is_about_a_server_that_takes_nothing) {
  Request upload = within({.write = 30ms});
  upload.method = "PUT";
  const auto endless = [](std::span<char> into, std::error_code&) { return into.size(); };
  upload.body = Body::stream(endless);
  Gate client_gave_up;
  LoopbackServer server([&](Peer& peer) {
    if (peer.index() > 0) return echo_target()(peer);
    peer.read_head();
    peer.wait_for(client_gave_up);
  });
  Client client;
  upload.url = server.url();
  EXPECT_EQ(ask(client, upload).error, Error::write_timeout);
  client_gave_up.open();
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
}

TEST_P(TimeLimits, of_a_request_win_over_the_clients) {  // scenario 79
  const Outcome got = outcome_of(stall_after(""), within({.response = 30ms}), {.response = 1h});
  EXPECT_EQ(got.error, Error::response_timeout);
}

TEST_P(TimeLimits, of_the_client_hold_where_the_request_has_none) {
  EXPECT_EQ(outcome_of(stall_after(""), within({.read = 1h}), {.response = 30ms}).error,
            Error::response_timeout);
}

TEST_P(TimeLimits, of_a_request_may_lift_the_clients) {  // scenario 79
  LoopbackServer server(first_connection(stall_after("")));
  Client client{{.timeouts = {.response = 0ms}}};
  EXPECT_EQ(get(client, server.url()).error, Error::response_timeout);
  const Request patient{.url = server.url("/p"), .options = {.timeouts = {.response = unlimited}}};
  EXPECT_EQ(ask(client, patient).response.body, "/p");
}

TEST_P(TimeLimits, of_one_call_leave_none_to_the_next_on_the_same_connection) {
  Gate late;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(response(200, "quick"));
    peer.read_request();
    peer.wait_for(late);
    peer.write(response(200, "late"));
    peer.wait_for_eof();
  });
  Client client;
  Request hasty = within({.response = 5s, .read = 5s, .total = 5s});
  hasty.url = server.url();
  EXPECT_EQ(ask(client, hasty).response.body, "quick");
  Request patient = within({.response = unlimited, .read = unlimited});
  patient.url = server.url();
  late.open();
  EXPECT_EQ(ask(client, patient).response.body, "late");
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(TimeLimits, of_a_lease_end_the_wait_and_leave_no_trace) {  // pool rules 17 to 19, scenario 51
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 1}}};
  Opened holder = open(client, {.url = server.url("/held")});
  for (const Duration limit : {0ms, 20ms}) {
    Request waiting = within({.lease = limit});
    waiting.url = server.url();
    EXPECT_EQ(ask(client, waiting).error, Error::lease_timeout);
    EXPECT_EQ(client.pool().stats().pending, 0u);
  }
  Request waiting = within({.total = 20ms});
  waiting.url = server.url();
  EXPECT_EQ(ask(client, waiting).error, Error::total_timeout);
  EXPECT_FALSE(drain(holder.stream));
  waiting = within({.lease = 0ms});
  waiting.url = server.url("/free");
  EXPECT_EQ(ask(client, waiting).response.body, "/free");  // pool rule 18
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(TimeLimits, that_are_zero_dial_nothing) {  // pool rule 20
  LoopbackServer server(echo_target());
  Client client;
  Request hopeless = within({.total = 0ms});
  hopeless.url = server.url();
  EXPECT_EQ(ask(client, hopeless).error, Error::total_timeout);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(TimeLimits, of_a_stream_count_from_the_call_to_the_end_of_the_body) {
  LoopbackServer server(first_connection(stall_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")));
  Client client;
  Request request = within({.total = 50ms});
  request.url = server.url();
  Opened opened = open(client, request);
  std::string body;
  EXPECT_EQ(read_all(opened.stream, body), Error::total_timeout);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(opened.stream.info().close_reason, CloseReason::timed_out);
}

TEST_P(TimeLimits, keep_a_late_answer_from_the_next_request) {  // pool rule 49, scenario 73
  Gate timed_out;
  LoopbackServer server(first_connection([&](Peer& peer) {
    peer.read_request();
    peer.wait_for(timed_out);
    peer.write(response(200, "too late"));
  }));
  Client client;
  Request request = within({.response = 30ms});
  request.url = server.url();
  EXPECT_EQ(ask(client, request).error, Error::response_timeout);
  timed_out.open();
  EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
}

}  // namespace
}  // namespace headway::testing
