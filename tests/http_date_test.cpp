// SPDX-License-Identifier: BSL-1.0

#include "src/http_date.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono;

constexpr sys_seconds in_2026 = sys_days(year(2026) / 7 / 1);

long long read(std::string_view text, sys_seconds now = in_2026) {
  const auto time = parse_http_date(text, now);
  return time ? static_cast<long long>(time->time_since_epoch().count()) : -1;
}

TEST(HttpDate, is_read_in_all_three_forms) {  // RFC 9110 section 5.6.7
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(read("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
  EXPECT_EQ(read("Sun Nov  6 08:49:37 1994"), 784111777);
  EXPECT_EQ(read("Wed Nov 16 08:49:37 1994"), 784975777);
  EXPECT_EQ(read("Thu, 29 Feb 2024 23:59:60 GMT"), 1709251200);
  EXPECT_EQ(read("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
}

TEST(HttpDate, puts_a_short_year_into_the_past_rather_than_far_ahead) {
  const auto year_of = [](const char* two_digits) {
    const auto time = parse_http_date("Monday, 01-Jan-" + std::string(two_digits) + " 00:00:00 GMT", in_2026);
    return static_cast<int>(year_month_day(floor<days>(*time)).year());
  };
  EXPECT_EQ(year_of("26"), 2026);
  EXPECT_EQ(year_of("76"), 2076);
  EXPECT_EQ(year_of("77"), 1977);
  EXPECT_EQ(year_of("00"), 2000);
}

TEST(HttpDate, is_refused_where_it_is_anything_else) {
  for (const char* text : {"",
                           "Sun",
                           "Sun,",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           " Sun, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 6 Nov 1994 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 94 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:60:00 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 00 Feb 1994 08:49:37 GMT",
                           "Sunday, 06 Nov 1994 08:49:37 GMT",
                           "Sun Nov 6 08:49:37 1994",
                           "Sun Nov  6 08:49:37 1994 GMT",
                           "Sun, +6 Nov 1994 08:49:37 GMT",
                           "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(read(text), -1) << text;
  }
}

}  // namespace
}  // namespace headway
