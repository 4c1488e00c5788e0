// SPDX-License-Identifier: BSL-1.0

// Failures that the retry strategy is asked about, and those that it is not.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

/// What a strategy was asked about; `method` does not outlive the question, so it stands apart.
struct Asked {
  FailedTry failed;
  std::string method;
};

class Retries : public ClientTest {
 protected:
  RetryStrategy note_and(RetryStrategy next) {
    return [this, next = std::move(next)](const FailedTry& failed) {
      asked_.push_back({failed, std::string(failed.method)});
      return next(failed);
    };
  }
  /// The error of a GET whose every answer is `bytes` and then the end of the connection.
  std::error_code error_after(std::string bytes) {
    LoopbackServer server(answer_and_close(std::move(bytes)));
    Client client{{.retry_strategy = note_and(retry_at_once())}};
    const Outcome got = get(client, server.url());
    EXPECT_TRUE(got.tried(server.requests_received()));
    EXPECT_TRUE(pool_is_whole(client));
    return got.error;
  }
  std::vector<Asked> asked_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, Retries, all_flavours(), flavour_name);

const Handler close_at_once = [](Peer& peer) { peer.read_request(); };

TEST_P(Retries, are_bounded_against_a_server_that_always_closes) {  // pool rule 50, scenario 44
  LoopbackServer server(close_at_once);
  Client client{{.retry_strategy = retry_at_once(3)}};
  const Outcome got = get(client, server.url());
  EXPECT_EQ(got.error, Error::connection_closed);
  EXPECT_TRUE(got.tried(4));
  EXPECT_EQ(server.requests_received(), 4);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Retries, succeed_as_soon_as_the_server_does) {
  LoopbackServer server([](Peer& peer) { peer.index() < 2 ? close_at_once(peer) : echo_target()(peer); });
  Client client{{.retry_strategy = retry_at_once()}};
  const Outcome got = get(client, server.url("/third"));
  EXPECT_EQ(got.response.body, "/third");
  EXPECT_TRUE(got.tried(3));
}

TEST_P(Retries, do_not_happen_by_themselves_on_a_new_connection) {  // pool rules 45 and 52
  LoopbackServer server(close_at_once);
  Client client{{.retry_strategy = NeverRetry{}}};
  EXPECT_EQ(get(client, server.url()).error, Error::connection_closed);
  EXPECT_EQ(server.requests_received(), 1);
}

TEST_P(Retries, are_decided_on_the_facts) {  // pool rule 52
  LoopbackServer server(close_at_once);
  Client client{{.retry_strategy = note_and(retry_at_once(1))}};
  ask(client, {.method = "PUT", .url = server.url(), .body = "x"});
  ASSERT_EQ(asked_.size(), 2u);
  for (int i = 0; i < 2; ++i) {
    const FailedTry& failed = asked_[static_cast<std::size_t>(i)].failed;
    EXPECT_EQ(failed.code, Error::connection_closed);
    EXPECT_EQ(failed.phase, Phase::response);
    EXPECT_EQ(failed.attempt, i + 1);
    EXPECT_TRUE(failed.idempotent);
    EXPECT_TRUE(failed.replayable);
    EXPECT_TRUE(failed.may_have_reached_server);
  }
  EXPECT_EQ(asked_[0].method, "PUT");
}

TEST_P(Retries, of_what_never_left_this_machine_are_for_the_strategy_to_decide) {
  LoopbackServer server(echo_body());
  server.stop_listening();
  const auto listen = [&](const FailedTry& failed) -> std::optional<Duration> {
    EXPECT_FALSE(failed.may_have_reached_server);
    EXPECT_FALSE(failed.idempotent);
    EXPECT_EQ(failed.phase, Phase::connect);
    EXPECT_EQ(failed.code, Error::connection_refused);
    server.listen_again();
    return 0ms;
  };
  Client client{{.retry_strategy = listen}};
  const Outcome got = ask(client, {.method = "POST", .url = server.url(), .body = "order"});
  EXPECT_EQ(got.response.body, "order");
  EXPECT_TRUE(got.tried(2));
}

TEST_P(Retries, of_a_post_that_may_have_arrived_are_out_of_question) {  // pool rule 47, scenario 35
  LoopbackServer server(close_at_once);
  const auto eager = [](const FailedTry&) { return std::optional<Duration>(0ms); };
  Client client{{.retry_strategy = note_and(eager)}};
  EXPECT_EQ(ask(client, {.method = "POST", .url = server.url(), .body = "x"}).error, Condition::connect);
  EXPECT_EQ(server.requests_received(), 1);
  EXPECT_EQ(asked_.size(), 0u);
}

TEST_P(Retries, of_a_post_are_allowed_by_its_own_option) {  // scenario 36
  LoopbackServer server([](Peer& peer) { peer.index() == 0 ? close_at_once(peer) : echo_body()(peer); });
  Client client{{.retry_strategy = note_and(retry_at_once())}};
  const Outcome got = ask(
      client, {.method = "POST", .url = server.url(), .body = "x", .options = {.replay = Replay::allowed}});
  EXPECT_EQ(got.response.body, "x");
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_TRUE(asked_[0].failed.idempotent);
}

TEST_P(Retries, need_a_body_that_can_be_read_again) {  // pool rule 51
  LoopbackServer server(close_at_once);
  Client client{{.retry_strategy = note_and(retry_at_once())}};
  const auto nothing = [](std::span<char>, std::error_code&) { return std::size_t{0}; };
  const Outcome got = ask(client, {.method = "PUT", .url = server.url(), .body = Body::stream(nothing)});
  EXPECT_EQ(got.error, Condition::connect);
  EXPECT_TRUE(got.tried(1));
  EXPECT_EQ(asked_.size(), 0u);
}

TEST_P(Retries, may_follow_a_response_that_is_cut_off_or_malformed) {
  std::size_t asked = 0;
  for (const char* bytes :
       {"H", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "garbage",
        "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"}) {
    EXPECT_EQ(error_after(bytes), Condition::protocol) << bytes;
    EXPECT_GT(asked_.size(), asked) << bytes;
    asked = asked_.size();
  }
}

TEST_P(Retries, of_a_post_never_follow_a_byte_of_the_response) {  // pool rule 48
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  });
  Client client{{.retry_strategy = note_and(retry_at_once())}};
  EXPECT_EQ(ask(client, {.method = "POST", .url = server.url(), .body = "x"}).error, Error::body_truncated);
  EXPECT_EQ(server.requests_received(), 1);
  EXPECT_EQ(asked_.size(), 0u);
}

TEST_P(Retries, are_not_free_once_a_byte_of_the_response_has_come_on_a_kept_connection) {  // pool rule 48
  LoopbackServer server(first_connection([](Peer& peer) {
    peer.read_request();
    peer.write(response(200, "first"));
    peer.read_request();
    peer.write("HTTP/1.1 2");
  }));
  Client client{{.retry_strategy = note_and(retry_at_once())}};
  get(client, server.url());
  EXPECT_FALSE(get(client, server.url()).error);
  EXPECT_EQ(server.requests_received(), 3);
  EXPECT_EQ(asked_.size(), 1u);
}

TEST_P(Retries, never_follow_a_timeout) {  // pool rule 49
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.wait_for_eof();
  });
  Client client{{.timeouts = {.response = 30ms}, .retry_strategy = note_and(retry_at_once())}};
  EXPECT_EQ(get(client, server.url()).error, Error::response_timeout);
  EXPECT_EQ(server.requests_received(), 1);
  EXPECT_EQ(asked_.size(), 0u);
}

TEST_P(Retries, give_up_at_once_where_the_time_would_be_over_before_the_next) {
  LoopbackServer server(close_at_once);
  const auto tomorrow = [](const FailedTry&) { return std::optional<Duration>(24h); };
  Client client{{.timeouts = {.total = 1min}, .retry_strategy = tomorrow}};
  EXPECT_EQ(get(client, server.url()).error, Error::connection_closed);
  EXPECT_EQ(server.requests_received(), 1);
}

}  // namespace
}  // namespace headway::testing
