// SPDX-License-Identifier: BSL-1.0

// Answers that come before the request is sent whole, and bodies that wait for leave to be sent.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>
#include <headway/testing/gate.hpp>

#include <sys/socket.h>

#include <memory>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

Body endless() {
  return Body::stream([](std::span<char> into, std::error_code&) {
    std::fill(into.begin(), into.end(), 'e');
    return into.size();
  });
}

class EarlyAnswers : public ClientTest {
 protected:
  /// An endless upload to `server` must bring its 401, and the connection must not be used again.
  void expect_401(Handler handler, Body body = endless()) {
    LoopbackServer server(first_connection(std::move(handler)));
    Client client{{.timeouts = {.total = patience}, .retry_strategy = retry_at_once()}};
    const Outcome got = ask(client, {.method = "POST", .url = server.url(), .body = std::move(body)});
    EXPECT_FALSE(got.error) << got.error.message();
    EXPECT_EQ(got.response.status, 401);
    EXPECT_EQ(got.response.body, "no");
    EXPECT_EQ(got.response.info.close_reason, CloseReason::request_unfinished);
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
    EXPECT_EQ(server.connections_accepted(), 2);
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, EarlyAnswers, all_flavours(), flavour_name);

TEST_P(EarlyAnswers, to_an_endless_upload_are_delivered) {  // pool rule 33, scenario 106
  expect_401([](Peer& peer) {
    peer.read_head();
    peer.write(response(401, "no"));
    peer.wait_for_eof();
  });
}

TEST_P(EarlyAnswers, to_an_upload_that_never_has_to_wait_are_delivered) {  // pool rule 33, scenario 106
  const auto drops = [](std::span<char> into, std::error_code&) {
    into.front() = 'd';
    return std::size_t{1};
  };
  expect_401(
      [](Peer& peer) {
        peer.read_head();
        peer.write(response(401, "no"));
        peer.wait_for_eof();
      },
      Body::stream(drops));
}

TEST_P(EarlyAnswers, of_a_server_that_sends_no_more_are_delivered) {  // pool rule 33, scenario 106
  expect_401([](Peer& peer) {
    peer.read_head();
    peer.write(response(401, "no"));
    peer.half_close();
    peer.wait_for_eof();
  });
}

TEST_P(EarlyAnswers, to_a_head_that_nobody_reads_are_delivered) {  // pool rule 33
  for (const std::size_t size : {std::size_t{1} << 20, std::size_t{32} << 20}) {
    Gate over;
    LoopbackServer server(first_connection([&](Peer& peer) {
      for (int i = 0; i < 3; ++i) {
        peer.read_request();
        peer.write(response(200, "kept"));
      }
      peer.read_some();
      peer.write(response(431, "too large"));
      peer.wait_for(over);
    }));
    const auto look = [](Connection& connection) {
      const int small = 16 * 1024;  // so that the head is more than the system's buffers take
      ::setsockopt(connection.native_handle(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
      return connection.looks_dead();
    };
    Client client{
        {.pool = {.stale_check = look}, .timeouts = {.total = patience}, .retry_strategy = NeverRetry{}}};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(get(client, server.url()).response.body, "kept");
    const Outcome got =
        ask(client, {.url = server.url(), .headers = {{"X-Large", std::string(size - 1024, 'x')}}});
    EXPECT_FALSE(got.error) << got.error.message();
    EXPECT_EQ(got.response.status, 431);
    EXPECT_EQ(got.response.body, "too large");
    EXPECT_TRUE(got.response.info.connection_reused);
    EXPECT_EQ(got.response.info.close_reason, CloseReason::request_unfinished) << size;
    over.open();
  }
}

TEST_P(EarlyAnswers, that_never_come_end_an_upload_that_nobody_takes) {  // scenario 111
  Gate over;
  LoopbackServer server([&](Peer& peer) {
    peer.read_head();
    peer.half_close();
    peer.wait_for(over);  // takes nothing, and is still there
  });
  int asked = 0;
  const Body body = Body::stream([&](std::span<char> into, std::error_code&) {
    ++asked;
    return into.size();
  });
  Client client{{.retry_strategy = NeverRetry{}}};
  const Outcome got = ask(client, {.method = "POST", .url = server.url(), .body = body});
  EXPECT_EQ(got.error, Error::connection_closed);
  EXPECT_LT(asked, 10'000);  // what the system's buffers take, and no more
  EXPECT_TRUE(pool_is_whole(client));
  over.open();
}

TEST_P(EarlyAnswers, let_go_of_the_body_once) {  // scenario 108
  const auto token = std::make_shared<int>();
  const auto upload = [&](Handler handler) {
    LoopbackServer server(std::move(handler));
    Client client{{.retry_strategy = NeverRetry{}}};
    const Outcome got = ask(client, {.method = "POST",
                                     .url = server.url(),
                                     .body = Body::stream([token](std::span<char> into, std::error_code&) {
                                       *token += 1;
                                       return into.size();
                                     })});
    EXPECT_TRUE(pool_is_whole(client));
    const int asked = *token;
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(*token, asked);
    return got;
  };
  const Outcome answered = upload([](Peer& peer) {
    peer.read_head();
    peer.write(response(401, "no"));
    peer.wait_for_eof();
  });
  EXPECT_EQ(answered.response.status, 401);
  EXPECT_EQ(token.use_count(), 1);
  const Outcome failed = upload([](Peer& peer) {
    peer.read_head();
    peer.reset();
  });
  EXPECT_EQ(failed.error, Condition::connect);
  EXPECT_EQ(token.use_count(), 1);
}

TEST_P(EarlyAnswers, to_a_large_upload_from_memory_are_delivered) {  // pool rule 33
  expect_401(
      [](Peer& peer) {
        peer.read_head();
        peer.write(response(401, "no"));
        peer.wait_for_eof();
      },
      std::string(50'000'000, 'm'));
}

TEST_P(EarlyAnswers, win_over_a_failing_write) {  // pool rule 34, scenarios 39 and 107
  Gate closed;
  LoopbackServer server([&](Peer& peer) {
    peer.read_head();
    peer.read_some();
    peer.write(response(413, "too much"));
    peer.close();
    closed.open();
  });
  bool first = true;
  const auto wait_then_more = [&](std::span<char> into, std::error_code&) {
    if (!std::exchange(first, false)) {
      EXPECT_TRUE(closed.wait());
    }
    return std::min<std::size_t>(into.size(), 10);
  };
  Client client{{.timeouts = {.total = patience}, .retry_strategy = NeverRetry{}}};
  const Outcome got =
      ask(client, {.method = "POST", .url = server.url(), .body = Body::stream(wait_then_more)});
  EXPECT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.status, 413);
  EXPECT_TRUE(pool_is_whole(client));
}

class ExpectingUploads : public ClientTest {
 protected:
  Outcome upload(const LoopbackServer& server, Body body) {
    return ask(client_, {.method = "POST",
                         .url = server.url(),
                         .body = std::move(body),
                         .options = {.expect_continue = ExpectContinue::always}});
  }
  Client client_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, ExpectingUploads, all_flavours(), flavour_name);

Body small_stream() {
  return Body::stream([sent = false](std::span<char> into, std::error_code&) mutable {
    return std::exchange(sent, true) ? 0 : std::string_view("content").copy(into.data(), into.size());
  });
}

TEST_P(ExpectingUploads, send_the_body_after_a_100) {  // scenarios 90 and 91
  LoopbackServer server([](Peer& peer) {
    while (auto request = peer.read_head()) {
      EXPECT_EQ(request->header("Expect"), "100-continue");
      peer.write("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
      peer.read_body(*request);
      peer.write(response(200, request->body));
    }
  });
  EXPECT_EQ(upload(server, "content").response.body, "content");
  const Outcome streamed = upload(server, small_stream());
  EXPECT_EQ(streamed.response.body, "content");
  EXPECT_TRUE(streamed.response.info.connection_reused);
  EXPECT_EQ(streamed.response.info.close_reason, CloseReason::none);
}

TEST_P(ExpectingUploads, send_no_body_after_a_final_answer) {  // scenarios 58 and 90
  for (const int status : {200, 401, 417}) {
    std::string body_seen = "not closed";
    LoopbackServer server(first_connection([&](Peer& peer) {
      peer.read_head();
      peer.write(response(status, "final"));
      body_seen = peer.read_some();
    }));
    const Outcome got = upload(server, "content");
    EXPECT_EQ(got.response.status, status);
    EXPECT_EQ(got.response.info.close_reason, CloseReason::request_unfinished);
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(body_seen, "");
    EXPECT_EQ(get(client_, server.url("/next")).response.body, "/next");
  }
}

TEST_P(ExpectingUploads, send_the_body_after_a_second_of_silence) {  // scenario 90
  LoopbackServer server(echo_body());
  const Outcome got = upload(server, "content");
  EXPECT_EQ(got.response.body, "content");
  EXPECT_GE(got.response.info.timings.total, 1s);
  EXPECT_EQ(got.response.info.close_reason, CloseReason::none);
}

TEST_P(ExpectingUploads, of_nothing_expect_nothing) {
  Recorder recorder;
  LoopbackServer server(record(recorder));
  EXPECT_EQ(upload(server, "").response.body, "recorded");
  EXPECT_EQ(recorder.last().count("Expect"), 0);
}

TEST_P(ExpectingUploads, fail_where_the_server_closes_instead) {
  LoopbackServer server([](Peer& peer) { peer.read_head(); });
  EXPECT_EQ(upload(server, "content").error, Error::connection_closed);
  EXPECT_EQ(server.requests_received(), 1);
  EXPECT_TRUE(pool_is_whole(client_));
}

}  // namespace
}  // namespace headway::testing
