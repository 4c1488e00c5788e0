// SPDX-License-Identifier: BSL-1.0

// Servers that ask for patience with a 429 or 503, and clients that have it.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>
#include <headway/testing/make_pool.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string busy(int status = 503, const std::string& retry_after = "0") {
  return response(status, "busy", "Retry-After: " + retry_after + "\r\n");
}

class StatusRetry : public ClientTest {
 protected:
  /// Answers the first `times` requests with `answer`, and echoes the bodies of the others.
  Handler busy_for(int times, std::string answer) {
    return keep_alive([this, times, answer = std::move(answer)](const ReceivedRequest& request) {
      seen_.add(request);
      return static_cast<int>(seen_.requests().size()) <= times ? answer
                                                                : response(200, request.body + "done");
    });
  }
  int seen() const { return static_cast<int>(seen_.requests().size()); }
  Recorder seen_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, StatusRetry, all_flavours(), flavour_name);

TEST_P(StatusRetry, is_off_by_default) {
  LoopbackServer server(busy_for(1, busy()));
  Client client;
  EXPECT_EQ(get(client, server.url()).response.status, 503);
  EXPECT_EQ(seen(), 1);
}

TEST_P(StatusRetry, asks_again_on_the_same_connection) {
  for (const int status : {429, 503}) {
    LoopbackServer server(busy_for(seen() + 2, busy(status)));
    Client client{{.status_retries = {.max_retries = 2}}};
    const Outcome got = get(client, server.url());
    EXPECT_EQ(got.response.body, "done");
    EXPECT_EQ(got.response.info.attempts, 3);
    EXPECT_EQ(server.connections_accepted(), 1);
    EXPECT_TRUE(pool_is_whole(client));
  }
}

TEST_P(StatusRetry, serves_streams_too) {
  LoopbackServer server(busy_for(1, busy()));
  Client client{{.status_retries = {.max_retries = 1}}};
  const Opened opened = open(client, {.url = server.url()});
  ASSERT_FALSE(opened.error);
  EXPECT_EQ(opened.stream.head().status, 200);
}

TEST_P(StatusRetry, ends_with_the_last_response) {
  LoopbackServer server(busy_for(9, busy()));
  Client client{{.status_retries = {.max_retries = 2}}};
  const Outcome got = get(client, server.url());
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.response.status, 503);
  EXPECT_EQ(got.response.body, "busy");
  EXPECT_EQ(seen(), 3);
}

TEST_P(StatusRetry, is_for_responses_that_say_when) {
  for (const std::string& answer : {response(503, "busy"), busy(500), busy(404), busy(503, "soon")}) {
    LoopbackServer server(busy_for(99, answer));
    Client client{{.status_retries = {.max_retries = 2}}};
    const int before = seen();
    EXPECT_FALSE(get(client, server.url()).error);
    EXPECT_EQ(seen(), before + 1) << answer;
  }
}

TEST_P(StatusRetry, is_for_requests_that_may_be_repeated) {  // pool rules 47 and 51
  const auto nothing = [](std::span<char>, std::error_code&) { return std::size_t{0}; };
  struct Row {
    Request request;
    int asked;
  };
  for (const Row& row : {Row{{.method = "POST", .body = "x"}, 1}, Row{{.method = "PUT", .body = "x"}, 2},
                         Row{{.method = "POST", .body = "x", .options = {.replay = Replay::allowed}}, 2},
                         Row{{.method = "GET", .options = {.replay = Replay::forbidden}}, 1},
                         Row{{.method = "PUT", .body = Body::stream(nothing)}, 1}}) {
    const int before = seen();
    LoopbackServer server(busy_for(before + 1, busy()));
    Client client{{.status_retries = {.max_retries = 1}}};
    Request request = row.request;
    request.url = server.url();
    EXPECT_FALSE(ask(client, request).error);
    EXPECT_EQ(seen() - before, row.asked) << request.method;
  }
}

TEST_P(StatusRetry, does_not_wait_longer_than_it_may) {
  LoopbackServer server(busy_for(99, busy(503, "3600")));
  Client bounded{{.status_retries = {.max_retries = 1}}};
  EXPECT_EQ(get(bounded, server.url()).response.status, 503);
  Client patient{{.timeouts = {.total = 30s}, .status_retries = {.max_retries = 1, .max_wait = unlimited}}};
  EXPECT_EQ(get(patient, server.url()).response.status, 503);  // its time would be over
  EXPECT_EQ(seen(), 2);
}

TEST_P(StatusRetry, gives_up_where_skipping_the_response_took_the_time_for_it) {
  ManualClock clock;
  ScriptedNetwork network;
  network.connection(0).deliver_after(
      "\r\n\r\n", "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 5\r\n\r\nhe");
  network.connection(0).stall(1s);
  Client client{make_pool(network, clock),
                {.timeouts = {.total = 2500ms}, .status_retries = {.max_retries = 1}}};
  const Outcome got = get(client, "http://busy.test/");
  EXPECT_EQ(got.error, Error::total_timeout);
  EXPECT_TRUE(got.tried(1));
  EXPECT_TRUE(network.connection(0).closed());
  if (GetParam() == Flavour::throwing) {
    EXPECT_THAT(got.what, HasSubstr("retry failed: "));
  } else if (got.attempts == 1) {
    EXPECT_EQ(got.response.info.timings.total, 1s);
  }
}

TEST_P(StatusRetry, waits_as_long_as_the_server_asks) {
  ManualClock clock;
  std::vector<TimePoint> times;
  std::shared_ptr<PoolingConnectionManager> pool = make_pool(clock);
  LoopbackServer server(keep_alive([&](const ReceivedRequest&) {
    times.push_back(clock.now());
    return times.size() == 1 ? busy(503, "30") : response(200, "done");
  }));
  const Timeouts none{.lease = unlimited, .connect = unlimited, .response = unlimited, .read = unlimited};
  Client client{pool, {.timeouts = none, .status_retries = {.max_retries = 1}}};
  std::atomic<bool> done{false};
  std::thread time_passes([&] {
    while (!done) {
      clock.advance(1s);
      std::this_thread::yield();
    }
  });
  const Outcome got = get(client, server.url());
  done = true;
  time_passes.join();
  EXPECT_EQ(got.response.body, "done");
  ASSERT_EQ(times.size(), 2u);
  EXPECT_GE(times[1] - times[0], 30s);
}

TEST(StatusRetries, out_of_range_are_named) {
  EXPECT_THROW(Client({.status_retries = {.max_retries = -1}}), std::system_error);
  EXPECT_THROW(Client({.status_retries = {.max_wait = -1ms}}), std::system_error);
}

}  // namespace
}  // namespace headway::testing
