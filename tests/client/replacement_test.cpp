// SPDX-License-Identifier: BSL-1.0

// Kept connections that die under a request: it goes over a new one if that can do no harm, and nobody sees
// it.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class DeadConnections : public ClientTest {
 protected:
  /// The first connection answers one request and dies without a word after the head of the next; the others
  /// answer with the request's body.
  Handler die_under_the_second_request() {
    return [this](Peer& peer) {
      while (auto request = peer.read_head()) {
        if (peer.index() == 0 && ++seen_on_first_ == 2) return recorder_.add(*request);
        peer.read_body(*request);
        recorder_.add(*request);
        peer.write(response(200, request->method + ' ' + request->body));
      }
    };
  }

  /// What comes of `request` on a connection that dies under it.
  Outcome ask_on_dying(Request request, RetryStrategy retry = NeverRetry{}) {
    LoopbackServer server(die_under_the_second_request());
    Client client{{.retry_strategy = std::move(retry)}};
    get(client, server.url("/first"));
    request.url = server.url("/second");
    const Outcome outcome = ask(client, request);
    connections_ = server.connections_accepted();
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_EQ(get(client, server.url("/third")).response.body, "GET ");
    return outcome;
  }
  int times_seen(std::string_view target) const {
    int times = 0;
    for (const ReceivedRequest& request : recorder_.requests()) times += request.target == target;
    return times;
  }

  /// What comes of `request` on a connection that the server has reset before, looking at it being off.
  Outcome ask_on_reset(Request request) {
    Gate idle, reset;
    LoopbackServer server([&](Peer& peer) {
      if (peer.index() > 0) return echo_body()(peer);
      peer.read_request();
      peer.write(response(200, "first"));
      peer.wait_for(idle);
      peer.reset();
      reset.open();
    });
    Client client{{.pool = {.validate_after_inactivity = unlimited, .monitor = {.interval = unlimited}},
                   .retry_strategy = NeverRetry{}}};
    get(client, server.url());
    idle.open();
    EXPECT_TRUE(reset.wait());
    request.url = server.url();
    return ask(client, request);
  }

  Recorder recorder_;
  int connections_ = 0;
  std::atomic<int> seen_on_first_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Flavours, DeadConnections, all_flavours(), flavour_name);

Body one_shot(std::string bytes) {
  return Body::stream([bytes, done = std::size_t{0}](std::span<char> into, std::error_code&) mutable {
    const std::size_t n = bytes.copy(into.data(), into.size(), done);
    done += n;
    return n;
  });
}

Body rewindable(std::string bytes) {
  auto done = std::make_shared<std::size_t>(0);
  const auto read = [bytes, done](std::span<char> into, std::error_code&) {
    const std::size_t n = bytes.copy(into.data(), into.size(), *done);
    *done += n;
    return n;
  };
  return Body::stream(read, std::nullopt, [done] { return *done = 0, true; });
}

TEST_P(DeadConnections, are_replaced_invisibly_for_a_get) {  // pool rule 47, scenarios 20 and 34
  const Outcome got = ask_on_dying({});
  EXPECT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.body, "GET ");
  EXPECT_TRUE(got.tried(2));
  EXPECT_FALSE(got.response.info.connection_reused);
  EXPECT_EQ(connections_, 2);
}

TEST_P(DeadConnections, are_an_error_for_a_post_which_is_sent_once) {  // pool rule 47, scenarios 41 and 42
  const Outcome got = ask_on_dying({.method = "POST", .body = "order"}, retry_at_once());
  EXPECT_EQ(got.error, Condition::connect);
  EXPECT_TRUE(got.tried(1));
  EXPECT_EQ(times_seen("/second"), 1);
}

TEST_P(DeadConnections, are_replaced_for_every_idempotent_method) {  // scenario 35
  for (const char* method : {"HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}) {
    seen_on_first_ = 0;
    EXPECT_FALSE(ask_on_dying({.method = method}).error) << method;
  }
  for (const char* method : {"PATCH", "get", "QUERY-OF-MINE"}) {
    seen_on_first_ = 0;
    EXPECT_EQ(ask_on_dying({.method = method}).error, Condition::connect) << method;
  }
}

TEST_P(DeadConnections, are_replaced_for_a_post_that_may_be_sent_twice) {  // scenario 36
  const Outcome got =
      ask_on_dying({.method = "POST", .body = "order", .options = {.replay = Replay::allowed}});
  EXPECT_EQ(got.response.body, "POST order");
  EXPECT_EQ(times_seen("/second"), 2);
}

TEST_P(DeadConnections, are_an_error_for_a_get_that_must_not_be_sent_twice) {  // pool rule 52
  const Outcome got = ask_on_dying({.options = {.replay = Replay::forbidden}}, retry_at_once());
  EXPECT_EQ(got.error, Condition::connect);
  EXPECT_EQ(times_seen("/second"), 1);
}

TEST_P(DeadConnections, are_replaced_where_the_body_can_be_read_again) {  // pool rule 47, scenario 34
  EXPECT_EQ(ask_on_dying({.method = "PUT", .body = "memory"}).response.body, "PUT memory");
  seen_on_first_ = 0;
  EXPECT_EQ(ask_on_dying({.method = "PUT", .body = rewindable("stream")}).response.body, "PUT stream");
}

TEST_P(DeadConnections, are_an_error_where_the_body_cannot_be_read_again) {  // pool rule 51, scenario 43
  const Outcome got = ask_on_dying({.method = "PUT", .body = one_shot("stream")}, retry_at_once());
  EXPECT_EQ(got.error, Error::body_not_replayable);
  EXPECT_EQ(times_seen("/second"), 1);
}

TEST_P(DeadConnections, that_took_no_byte_are_replaced_for_any_method) {  // pool rule 46, scenario 34
  const Outcome got = ask_on_reset({.method = "POST", .body = "order"});
  EXPECT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.body, "order");
  EXPECT_TRUE(got.tried(2));
}

TEST_P(DeadConnections,
       that_took_no_byte_are_replaced_for_a_body_not_touched_yet) {  // pool rule 46, scenario 43
  const Outcome got = ask_on_reset({.method = "POST", .body = one_shot("once")});
  EXPECT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.body, "once");
}

TEST_P(DeadConnections, are_not_replaced_without_end) {  // pool rule 50, scenario 44
  std::atomic<int> requests = 0;
  LoopbackServer server([&](Peer& peer) {
    while (peer.read_request()) {
      if (++requests > 1) return;
      peer.write(response(200, "the only one"));
    }
  });
  Client client{{.retry_strategy = NeverRetry{}}};
  get(client, server.url());
  const Outcome got = get(client, server.url());
  EXPECT_EQ(got.error, Condition::connect);
  EXPECT_TRUE(got.tried(2));
  EXPECT_EQ(server.requests_received(), 3);
  EXPECT_TRUE(pool_is_whole(client));
}

}  // namespace
}  // namespace headway::testing
