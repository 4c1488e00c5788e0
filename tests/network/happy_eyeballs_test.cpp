// SPDX-License-Identifier: BSL-1.0

// Addresses that do not answer and name servers that do not either, in a network of the tests' own.

#include "tests/client/client_fixture.hpp"
#include "tests/network/answering_server.hpp"
#include "tests/support/listener.hpp"
#include "tests/support/private_network.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Milliseconds = std::chrono::duration<double, std::milli>;
using Network = PrivateNetwork;

/// What may come on top of what is waited for on purpose: a machine that is busy with other things.
constexpr Milliseconds slack = 500ms;

class HappyEyeballsTest : public ClientTest {
 protected:
  static void SetUpTestSuite() {
    if (network) return;  // for the program's life: there is no way back
    network = std::make_unique<PrivateNetwork>(std::string("127.0.0.1 localhost\n") + Network::black_hole_v6 +
                                               " half.test\n" + Network::here_v4 + " half.test good.test\n" +
                                               Network::black_hole_v6 + " dead.test\n" +
                                               Network::black_hole_v4 + " dead.test\n");
  }
  void SetUp() override {
    if (!network->refusal().empty()) GTEST_SKIP() << network->refusal();
  }
  /// Asks, and says how long that took.
  Outcome timed_get(Client& client, const std::string& url) {
    const auto start = std::chrono::steady_clock::now();
    Outcome outcome = get(client, url);
    elapsed = std::chrono::steady_clock::now() - start;
    return outcome;
  }

  static inline std::unique_ptr<PrivateNetwork> network;
  Milliseconds elapsed{};
};

TEST_P(HappyEyeballsTest, a_black_holed_ipv6_address_costs_250_ms_once) {  // rules 54, 58; scenario 129
  const AnsweringServer server(Network::here_v4);
  const std::string url = "http://half.test:" + server.port() + "/";
  Client client;
  EXPECT_EQ(timed_get(client, url).response.body, "hello");
  std::cout << "black-holed IPv6, to the response: " << elapsed.count() << " ms\n";
  RecordProperty("milliseconds", std::to_string(elapsed.count()));
  EXPECT_GE(elapsed, 250ms);
  EXPECT_LT(elapsed, 250ms + slack);
  EXPECT_EQ(timed_get(client, url).response.body, "hello");
  EXPECT_LT(elapsed, 250ms);  // the address that was silent goes last now
}

TEST_P(HappyEyeballsTest, an_ipv4_address_that_refuses_costs_nothing) {  // pool rule 54; scenario 129
  const AnsweringServer server(Network::here_v6);
  Client client{{.resolve = {{"a.test:" + server.port(), {Network::here_v4, Network::here_v6}}}}};
  EXPECT_EQ(timed_get(client, "http://a.test:" + server.port() + "/").response.body, "hello");
  EXPECT_LT(elapsed, 250ms);
}

TEST_P(HappyEyeballsTest, where_both_are_black_holes_the_deadline_ends_it) {  // rules 54, 55; scenario 129
  Client client{{.timeouts = {.connect = 400ms}, .retry_strategy = NeverRetry{}}};
  const Outcome outcome = timed_get(client, "http://dead.test:81/");
  EXPECT_EQ(outcome.error, Error::connect_timeout);
  EXPECT_GE(elapsed, 400ms);
  EXPECT_LT(elapsed, 400ms + slack);
  if (!outcome.what.empty()) {
    EXPECT_THAT(outcome.what, HasSubstr("[2001:db8::66]:81: no answer; 192.0.2.66:81: no answer"));
  }
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(HappyEyeballsTest, where_both_are_dead_both_are_named) {  // pool rule 54; scenario 129
  Client client{
      {.retry_strategy = NeverRetry{}, .resolve = {{"a.test:81", {Network::here_v6, Network::here_v4}}}}};
  const Outcome outcome = timed_get(client, "http://a.test:81/");
  EXPECT_EQ(outcome.error, Error::connection_refused);
  EXPECT_LT(elapsed, 250ms);
  if (!outcome.what.empty()) {
    EXPECT_THAT(outcome.what,
                HasSubstr("[2001:db8::1]:81: Connection refused; 192.0.2.1:81: Connection refused"));
  }
}

TEST_P(HappyEyeballsTest, a_slow_first_address_still_wins_over_a_dead_second_one) {  // rule 54; scenario 129
  Listener slow;
  slow.fill();
  int attempts = 0;
  // Room for the first one, whose next packet comes a second after its first, is made when the second starts.
  Client client{
      {.pool = {.dial = {.on_socket =
                             [&](int, const HttpRoute&) {
                               if (++attempts == 2) slow.make_room();
                             }}},
       .timeouts = {.response = 100ms},
       .retry_strategy = NeverRetry{},
       .resolve = {{"a.test:" + std::to_string(slow.port()), {"127.0.0.1", Network::black_hole_v6}}}}};
  const Outcome outcome = get(client, "http://a.test:" + std::to_string(slow.port()) + "/");
  EXPECT_EQ(outcome.error, Error::response_timeout);  // it was connected; nobody answers there
  EXPECT_EQ(attempts, 2);
}

TEST_P(HappyEyeballsTest, one_after_another_a_silent_address_takes_all_the_time) {  // scenario 129
  const AnsweringServer server(Network::here_v4);
  Client client{{.pool = {.dial = {.attempt_delay = unlimited}},
                 .timeouts = {.connect = 300ms},
                 .retry_strategy = NeverRetry{}}};
  EXPECT_EQ(timed_get(client, "http://half.test:" + server.port() + "/").error, Error::connect_timeout);
  EXPECT_GE(elapsed, 300ms);
}

TEST_P(HappyEyeballsTest, a_name_server_that_is_silent_holds_up_nobody_else) {  // rules 55, 56; scenario 83
  const AnsweringServer server(Network::here_v4);
  Client client{{.timeouts = {.connect = 300ms}, .retry_strategy = NeverRetry{}}};
  std::vector<std::thread> others;
  for (int i = 0; i < 8; ++i) {
    others.emplace_back([&, url = "http://hung" + std::to_string(i) + ".test/"] {
      const auto start = std::chrono::steady_clock::now();
      EXPECT_EQ(get(client, url).error, Error::connect_timeout);
      EXPECT_LT(std::chrono::steady_clock::now() - start, 300ms + slack);
      // The look-up goes on, and who has the patience learns how it ends.
      const Request patient{.url = url, .options = {.timeouts = {.connect = 10s}}};
      EXPECT_TRUE(ask(client, patient).error == Condition::resolve);
    });
  }
  EXPECT_EQ(timed_get(client, "http://good.test:" + server.port() + "/").response.body, "hello");
  std::cout << "beside eight hung look-ups, to the response: " << elapsed.count() << " ms\n";
  EXPECT_LT(elapsed, 250ms);
  for (std::thread& other : others) other.join();
  EXPECT_TRUE(pool_is_whole(client));
}

INSTANTIATE_TEST_SUITE_P(Flavours, HappyEyeballsTest, all_flavours(), flavour_name);

}  // namespace
}  // namespace headway::testing
