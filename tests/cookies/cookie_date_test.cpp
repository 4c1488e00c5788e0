// SPDX-License-Identifier: BSL-1.0

#include "src/cookies/cookie_date.hpp"

#include <gtest/gtest.h>

namespace headway::cookies {
namespace {

using namespace std::chrono;

std::optional<sys_seconds> at(int y, unsigned m, unsigned d, int hour = 0, int minute = 0, int second = 0) {
  return sys_days(year(y) / month(m) / day(d)) + hours(hour) + minutes(minute) + seconds(second);
}

TEST(CookieDate, takes_what_servers_write) {
  const auto november = at(1994, 11, 6, 8, 49, 37);
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "1994 NOVEMBER 6 8:49:37", "8:49:37pm-6-nov-1994", ",; 06 \tNov 94\t08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT 07:00:00 7 Dec 2001"}) {
    EXPECT_EQ(parse_cookie_date(text), november) << text;
  }
}

TEST(CookieDate, takes_two_digits_for_the_year_of_a_century) {
  EXPECT_EQ(parse_cookie_date("1 Jan 00 0:0:0"), at(2000, 1, 1));
  EXPECT_EQ(parse_cookie_date("1 Jan 69 0:0:0"), at(2069, 1, 1));
  EXPECT_EQ(parse_cookie_date("1 Jan 70 0:0:0"), at(1970, 1, 1));
  EXPECT_EQ(parse_cookie_date("1 Jan 99 0:0:0"), at(1999, 1, 1));
  EXPECT_EQ(parse_cookie_date("1 Jan 100 0:0:0"), std::nullopt);
  EXPECT_EQ(parse_cookie_date("1 Jan 1601 0:0:0"), at(1601, 1, 1));
}

TEST(CookieDate, refuses_what_is_no_date) {
  for (const char* text :
       {"", "never", "06 Nov 1994", "Nov 1994 08:49:37", "06 1994 08:49:37", "06 Nov 08:49:37",
        "32 Jan 2000 00:00:00", "00 Jan 2000 00:00:00", "30 Feb 2000 00:00:00", "1 Jan 1600 00:00:00",
        "1 Jan 2000 24:00:00", "1 Jan 2000 00:60:00", "1 Jan 2000 00:00:60", "1 Jan 2000 000:00:00",
        "1 Jan 2000 00:00", "1 Jan 20000 00:00:00", "1 Jan 2000 00:00:000"}) {
    EXPECT_EQ(parse_cookie_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace headway::cookies
