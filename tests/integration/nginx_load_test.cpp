// SPDX-License-Identifier: BSL-1.0

// The client under load and through restarts of nginx: no request lost, none sent twice, no cap exceeded.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/scale.hpp"

#include <headway/headway.hpp>

#include <map>
#include <thread>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

constexpr int restarts = 10;
constexpr int asking_threads = 8;

/// Restarts nginx again and again while threads ask, each time after some more requests were answered.
class RestartsOfNginx : public ClientTest {
 protected:
  void ask_through_restarts(Nginx& nginx, const std::function<void(int thread, int number)>& ask_once) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < asking_threads; ++thread) {
      threads.emplace_back([this, thread, &ask_once] {
        for (int number = 0; !over_; ++number) {
          ask_once(thread, number);
          ++asked_;
        }
      });
    }
    for (int i = 0; i < restarts; ++i) {
      EXPECT_TRUE(eventually([&, before = asked_.load()] { return asked_ >= before + scaled(400); }));
      nginx.restart(i % 2 == 0 ? Nginx::Stop::quick : Nginx::Stop::graceful);
    }
    EXPECT_TRUE(eventually([&, before = asked_.load()] { return asked_ >= before + scaled(400); }));
    over_ = true;
  }

  std::atomic<int> asked_ = 0;
  std::atomic<bool> over_ = false;
};

INSTANTIATE_TEST_SUITE_P(Flavours, RestartsOfNginx, all_flavours(), flavour_name);

TEST_P(RestartsOfNginx, fail_no_get) {  // pool rule 47, scenarios 20 and 21
  Nginx nginx;
  // While nginx is down connecting is refused, and how long that lasts is the machine's affair.
  Client client{
      {.retry_strategy = DefaultRetryStrategy{.max_retries = 100, .first_delay = 5ms, .max_delay = 100ms}}};
  std::atomic<int> failed = 0;
  ask_through_restarts(nginx, [&](int, int) {
    const Outcome got = get(client, nginx.url());
    if (got.error || got.response.body != "hello\n") ++failed;
  });
  EXPECT_EQ(failed, 0);
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
}

TEST_P(RestartsOfNginx, let_no_post_arrive_twice) {  // pool rules 45 to 47, scenario 42
  Nginx nginx;
  Client client{{.retry_strategy = retry_at_once()}};
  std::atomic<int> answered = 0;
  ask_through_restarts(nginx, [&](int thread, int number) {
    const std::string unique = "/" + std::to_string(thread) + "-" + std::to_string(number);
    answered += !ask(client, {.method = "POST", .url = nginx.url(unique), .body = unique}).error;
  });
  EXPECT_TRUE(eventually([&] { return pool_is_whole(client); }));
  // nginx's one worker logs in order. Told to stop quickly it does not log what it has just answered, so
  // that a few are missing.
  get(client, nginx.url("/end"));
  std::map<std::string, int> received;
  const auto has_all = [&] {
    received.clear();
    for (const AccessLogEntry& entry : nginx.access_log(1)) ++received[entry.request_uri];
    return received.contains("/end");
  };
  EXPECT_TRUE(eventually(has_all));
  EXPECT_GT(received.size(), static_cast<std::size_t>(answered) * 9 / 10);
  for (const auto& [uri, times] : received) EXPECT_EQ(times, 1) << uri;
}

TEST(ManyThreadsOnNginx, never_exceed_the_cap_of_a_route) {  // pool rule 3, scenarios 47, 50 and 62
  constexpr int threads = 16, each = scaled(100'000) / threads;
  Nginx nginx({.http_config = "keepalive_requests 1000000;"});
  Client client{{.pool = {.max_per_route = 4}, .retry_strategy = NeverRetry{}}};
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> asking;
    for (int i = 0; i < threads; ++i) {
      asking.emplace_back([&] {
        Response response;
        std::error_code ec;
        for (int n = 0; n < each; ++n) {
          client.send({.url = nginx.url()}, response, ec);
          if (ec || response.body != "hello\n") ++failed;
        }
      });
    }
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(client.pool().stats().leased, 0u);
  EXPECT_EQ(client.pool().stats().pending, 0u);
  EXPECT_LE(client.pool().stats().opened, 4u);
  EXPECT_LE(connection_count(nginx.access_log(std::size_t{threads} * each)), 4u);
}

}  // namespace
}  // namespace headway::testing
