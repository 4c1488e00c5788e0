// SPDX-License-Identifier: BSL-1.0

#include <headway/retry_strategy.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace headway {
namespace {

using namespace std::chrono_literals;

FailedTry failure(std::error_code code, int attempt = 1) {
  return {.code = code, .attempt = attempt, .method = "GET", .idempotent = true, .replayable = true};
}

TEST(DefaultRetryStrategy, tries_again_after_connection_failures_alone) {
  const std::set<Error> retried = {Error::connection_refused, Error::connect_failed,
                                   Error::connection_reset,   Error::connection_closed,
                                   Error::body_truncated,     Error::malformed_response};
  for (int i = 0; i < 200; ++i) {
    const auto error = static_cast<Error>(i);
    EXPECT_EQ(DefaultRetryStrategy{}(failure(error)).has_value(), retried.contains(error)) << i;
  }
  EXPECT_FALSE(DefaultRetryStrategy{}(failure(std::make_error_code(std::errc::io_error))));
  EXPECT_FALSE(
      DefaultRetryStrategy{}(failure({static_cast<int>(Error::connect_failed), std::system_category()})));
}

TEST(DefaultRetryStrategy, gives_up_after_its_number_of_retries) {
  EXPECT_TRUE(DefaultRetryStrategy{}(failure(Error::connection_reset, 3)));
  EXPECT_FALSE(DefaultRetryStrategy{}(failure(Error::connection_reset, 4)));
  EXPECT_FALSE(DefaultRetryStrategy{.max_retries = 0}(failure(Error::connection_reset, 1)));
  EXPECT_TRUE(DefaultRetryStrategy{.max_retries = 7}(failure(Error::connection_reset, 7)));
}

TEST(DefaultRetryStrategy, leaves_alone_what_may_not_be_sent_twice) {
  FailedTry failed = failure(Error::connection_reset);
  failed.idempotent = false;
  EXPECT_FALSE(DefaultRetryStrategy{}(failed));
  failed.may_have_reached_server = false;
  EXPECT_FALSE(DefaultRetryStrategy{}(failed));
  failed = failure(Error::connection_reset);
  failed.replayable = false;
  EXPECT_FALSE(DefaultRetryStrategy{}(failed));
}

struct Delays {
  DefaultRetryStrategy strategy;
  int attempt;
  Duration longest;
};

TEST(DefaultRetryStrategy, doubles_its_delay_up_to_a_limit_and_shortens_it_by_up_to_half) {
  constexpr int most = std::numeric_limits<int>::max();
  const Delays cases[] = {
      {{}, 1, 100ms},
      {{}, 2, 200ms},
      {{}, 3, 400ms},
      {{.max_retries = 100}, 6, 3200ms},
      {{.max_retries = 100}, 7, 5000ms},
      {{.max_retries = most}, most, 5000ms},
      {{.max_retries = 9, .first_delay = 3ms, .max_delay = 10ms}, 2, 6ms},
      {{.max_retries = 9, .first_delay = 3ms, .max_delay = 10ms}, 3, 10ms},
      {{.first_delay = 10s, .max_delay = 1s}, 1, 1s},
      {{.first_delay = 1ms, .max_delay = 0ms}, 1, 0ms},
      {{.max_retries = most, .first_delay = 0ms}, most, 0ms},
      {{.max_retries = most, .first_delay = -5ms}, 2, 0ms},
      {{.first_delay = 5ms, .max_delay = -5ms}, 1, 0ms},
      {{.max_retries = most, .first_delay = 1ms, .max_delay = unlimited}, most, unlimited},
  };
  for (const Delays& c : cases) {
    for (int i = 0; i < 200; ++i) {
      const auto delay = c.strategy(failure(Error::connection_closed, c.attempt));
      ASSERT_TRUE(delay);
      EXPECT_LE(*delay, c.longest);
      EXPECT_GE(*delay, c.longest / 2);
    }
  }
}

TEST(DefaultRetryStrategy, does_not_let_failed_clients_come_back_together) {
  std::set<Duration> seen;
  for (int i = 0; i < 200; ++i) seen.insert(*DefaultRetryStrategy{}(failure(Error::connection_reset, 3)));
  EXPECT_GT(seen.size(), 50u);
}

TEST(NeverRetry, never_tries_again) {
  const RetryStrategy strategy = NeverRetry{};
  EXPECT_FALSE(strategy(failure(Error::connection_refused)));
}

}  // namespace
}  // namespace headway
