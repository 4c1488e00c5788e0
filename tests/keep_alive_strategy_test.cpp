// SPDX-License-Identifier: BSL-1.0

#include <headway/keep_alive_strategy.hpp>

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

Duration ask(Headers headers, DefaultKeepAliveStrategy strategy = {}) {
  return strategy({.status = 200, .headers = std::move(headers)}, HttpRoute("http", "h"));
}

Duration ask(std::string_view value) { return ask(Headers{{"keep-alive", value}}); }

TEST(DefaultKeepAliveStrategy, follows_the_first_well_formed_values_less_a_margin) {
  const struct {
    const char* value;
    Duration result;
  } cases[] = {
      {"timeout=5", 4s},
      {"timeout=5, max=100", 4s},
      {"max=100, timeout=5", 4s},
      {"max=100; timeout=5", 4s},
      {"TIMEOUT=5", 4s},
      {" timeout = 5 ,", 4s},
      {"timeout=\"5\"", 4s},
      {"timeout=005", 4s},
      {"foo=1, timeout=60, timeout=5", 59s},
      {"timeout=x, timeout=60", 59s},
      {"timeout=, timeout=60", 59s},
      {"timeout, timeout=60", 59s},
      {"timeout=2", 1s},
      {"timeout=1", 500ms},
      {"timeout=0", 0s},
      {"timeout=0, timeout=60", 0s},
      {"timeout=5, max=0", 0s},
      {"max=0", 0s},
      {"max=x, max=0", 0s},
      {"max=1, max=0", 30s},
      {"", 30s},
      {",;,", 30s},
      {"max=100", 30s},
      {"timeout=-5", 30s},
      {"timeout=+5", 30s},
      {"timeout=5s", 30s},
      {"timeout=5.5", 30s},
      {"timeout=5 6", 30s},
      {"timeout=\"\"", 30s},
      {"timeout=\"", 30s},
      {"timeout==5", 30s},
      {"timeouts=5", 30s},
      {"timeout:5", 30s},
      {"=5", 30s},
  };
  for (const auto& c : cases) EXPECT_EQ(ask(c.value), c.result) << c.value;
}

TEST(DefaultKeepAliveStrategy, does_not_overflow_on_huge_values) {
  for (const char* value :
       {"timeout=9223372036854775", "timeout=9223372036854775807", "timeout=18446744073709551616",
        "timeout=99999999999999999999999999999999999999"}) {
    EXPECT_GT(ask(value), 24h * 365 * 1000) << value;
  }
}

TEST(DefaultKeepAliveStrategy, reads_all_fields_of_that_name) {
  EXPECT_EQ(ask(Headers{{"Keep-Alive", "max=5"}, {"X", "timeout=1"}, {"KEEP-ALIVE", "timeout=7"}}), 6s);
  EXPECT_EQ(ask(Headers{{"Keep-Alive", "timeout=9"}, {"Keep-Alive", "timeout=7, max=0"}}), 0s);
}

TEST(DefaultKeepAliveStrategy, falls_back_to_its_own_time_where_the_server_is_silent) {
  EXPECT_EQ(ask(Headers{}), 30s);
  EXPECT_EQ(ask(Headers{}, {.silent = 5s}), 5s);
  EXPECT_EQ(ask(Headers{{"Connection", "keep-alive"}}, {.silent = unlimited}), unlimited);
}

TEST(DefaultKeepAliveStrategy, takes_its_margin_off_but_no_more_than_half) {
  const Headers headers{{"Keep-Alive", "timeout=10"}};
  EXPECT_EQ(ask(headers, {.margin = 0s}), 10s);
  EXPECT_EQ(ask(headers, {.margin = 3s}), 7s);
  EXPECT_EQ(ask(headers, {.margin = 5s}), 5s);
  EXPECT_EQ(ask(headers, {.margin = 60s}), 5s);
  EXPECT_EQ(ask(headers, {.margin = unlimited}), 5s);
  EXPECT_EQ(ask(headers, {.margin = -1s}), 10s);
}

}  // namespace
}  // namespace headway
