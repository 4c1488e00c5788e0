// SPDX-License-Identifier: BSL-1.0

#include "src/exec/retry_after.hpp"

#include <gtest/gtest.h>

namespace headway::exec {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds noon =
    std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + std::chrono::hours(12);

TEST(RetryAfter, is_read_as_seconds_or_as_a_date) {
  struct Row {
    const char* value;
    std::optional<Duration> wait;
  };
  for (const Row& row :
       {Row{"0", 0s}, Row{"120", 120s}, Row{"007", 7s}, Row{"2147483647", 2147483647s},
        Row{"99999999999999999999", unlimited}, Row{"Sun, 06 Nov 1994 12:00:30 GMT", 30s},
        Row{"Sun, 06 Nov 1994 12:00:00 GMT", 0s}, Row{"Sun, 06 Nov 1994 08:00:00 GMT", 0s}, Row{"", {}},
        Row{"-1", {}}, Row{"+1", {}}, Row{"1.5", {}}, Row{"1 ", {}}, Row{"1, 2", {}}, Row{"soon", {}}}) {
    EXPECT_EQ(parse_retry_after(row.value, noon), row.wait) << row.value;
  }
}

TEST(RetryAfter, goes_by_the_server_s_own_date) {
  const auto later = noon + 24h;
  EXPECT_EQ(retry_after_of(
                {{"Date", "Sun, 06 Nov 1994 12:00:00 GMT"}, {"retry-after", "Sun, 06 Nov 1994 12:00:09 GMT"}},
                later),
            9s);
  EXPECT_EQ(retry_after_of({{"Date", "today"}, {"Retry-After", "Mon, 07 Nov 1994 12:00:02 GMT"}}, later), 2s);
  EXPECT_EQ(retry_after_of({{"Retry-After", "3"}}, later), 3s);
}

TEST(RetryAfter, is_nothing_where_it_is_not_there_or_not_clear) {
  EXPECT_EQ(retry_after_of({{"Date", "Sun, 06 Nov 1994 12:00:00 GMT"}}, noon), std::nullopt);
  EXPECT_EQ(retry_after_of({{"Retry-After", "1"}, {"Retry-After", "2"}}, noon), std::nullopt);
}

}  // namespace
}  // namespace headway::exec
