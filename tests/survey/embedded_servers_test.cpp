// SPDX-License-Identifier: BSL-1.0
#include "survey/embedded_servers.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/survey/untouched.hpp"

#include <headway/testing/patience.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace survey {
namespace {

using headway::testing::eventually;
using headway::testing::patience;
using headway::testing::RawClient;
using Clock = std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view get_and_close = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
constexpr std::size_t patient = 0, one_second = 1, five_requests = 2;

class EmbeddedServersTest : public ::testing::Test {
 protected:
  RawClient client(std::size_t server) const { return RawClient(servers->endpoints().at(server).port); }
  Untouched<EmbeddedServers> servers;
};

TEST_F(EmbeddedServersTest, give_urls_that_match_their_endpoints) {
  ASSERT_EQ(servers->urls().size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(servers->urls()[i], "http://127.0.0.1:" + std::to_string(servers->endpoints()[i].port) + "/");
}

TEST_F(EmbeddedServersTest, keep_a_connection_of_the_first_for_long) {
  RawClient kept = client(patient);
  for (int i = 0; i < 20; ++i) {
    kept.send(get);
    EXPECT_THAT(kept.read_response(),
                AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\r\nKeep-Alive: timeout=60\r\n")));
  }
}

TEST_F(EmbeddedServersTest, end_a_connection_of_the_second_after_a_silent_second_as_announced) {
  RawClient kept = client(one_second);
  kept.send(get);
  EXPECT_THAT(kept.read_response(), HasSubstr("\r\nKeep-Alive: timeout=1\r\n"));
  auto start = Clock::now();
  EXPECT_EQ(kept.read_all(), "");
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(900));
}

TEST_F(EmbeddedServersTest, end_a_connection_of_the_third_after_five_responses_without_a_word) {
  RawClient kept = client(five_requests);
  for (int i = 0; i < 5; ++i) {
    kept.send(get);
    EXPECT_THAT(kept.read_response(), AllOf(StartsWith("HTTP/1.1 200"), Not(HasSubstr("Connection:")),
                                            Not(HasSubstr("Keep-Alive:"))));
  }
  EXPECT_EQ(kept.read_all(), "");
}

TEST_F(EmbeddedServersTest, close_first_where_the_request_asks_for_it_so_that_nothing_is_left_on_this_side) {
  for (std::size_t server : {patient, one_second, five_requests})
    for (int i = 0; i < 4; ++i) {
      RawClient once = client(server);
      once.send(get_and_close);
      EXPECT_THAT(once.read_all(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\r\nConnection: close\r\n")));
    }
  EXPECT_TRUE(eventually([&] { return take(servers->endpoints()).total() == 0; }));
}

TEST_F(EmbeddedServersTest, answer_requests_that_come_together_or_in_pieces) {
  RawClient one = client(patient);
  one.send(std::string(get) + std::string(get));
  EXPECT_THAT(one.read_response(), EndsWith("keeps connections\n"));
  EXPECT_THAT(one.read_response(), EndsWith("keeps connections\n"));
  for (char byte : get) one.send({&byte, 1});
  EXPECT_THAT(one.read_response(), EndsWith("keeps connections\n"));
}

TEST_F(EmbeddedServersTest, refuse_anything_but_get) {
  RawClient one = client(patient);
  one.send("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(one.read_all(), AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("\r\nConnection: close\r\n")));
}

TEST_F(EmbeddedServersTest, hang_up_on_a_head_without_end) {
  RawClient one = client(patient);
  try {
    for (int i = 0; i < 64; ++i) one.send(std::string(4096, 'x'));
    EXPECT_EQ(one.read_all(), "");
  } catch (const std::system_error& error) {
    EXPECT_TRUE(error.code() == std::errc::connection_reset || error.code() == std::errc::broken_pipe)
        << error.what();
  }
}

TEST_F(EmbeddedServersTest, serve_many_connections_at_once) {
  std::vector<RawClient> many;
  for (int i = 0; i < 200; ++i) many.push_back(client(patient));
  for (RawClient& one : many) one.send(get);
  for (RawClient& one : many) EXPECT_THAT(one.read_response(), StartsWith("HTTP/1.1 200"));
}

TEST(EmbeddedServers, stop_at_once_with_connections_open) {
  auto servers = std::make_unique<EmbeddedServers>();
  RawClient open(servers->endpoints()[patient].port);
  open.send(get);
  open.read_response();
  auto start = Clock::now();
  servers.reset();
  EXPECT_LT(Clock::now() - start, patience / 2);
  EXPECT_EQ(open.read_all(), "");
}

}  // namespace
}  // namespace survey
