// SPDX-License-Identifier: BSL-1.0

// The algorithm of RFC 6265bis section 5.6.

#include "src/cookies/set_cookie.hpp"

#include <gtest/gtest.h>

namespace headway::cookies {
namespace {

using namespace std::chrono;
using namespace std::string_literals;

const sys_seconds now = sys_days(2026y / November / 27);

std::string pair_of(const std::string& field) {
  const auto cookie = parse_set_cookie(field, now);
  return cookie ? cookie->name + '|' + cookie->value : "ignored";
}

TEST(SetCookie, is_a_name_and_a_value) {
  struct Row {
    std::string field;
    const char* pair;
  };
  for (const Row& row :
       {Row{"a=b", "a|b"}, Row{" a = b ; Secure", "a|b"}, Row{"a=b=c", "a|b=c"}, Row{"a=", "a|"},
        Row{"=b", "|b"}, Row{"b", "|b"}, Row{"a=\"b c\"", "a|\"b c\""}, Row{"a=b\tc", "a|b\tc"},
        Row{"a=b,c", "a|b,c"}, Row{"", "ignored"}, Row{"=", "ignored"}, Row{" ;Secure", "ignored"},
        Row{"a=b\n", "ignored"}, Row{"a=b; Path=/\x7f", "ignored"}, Row{"a\0=b"s, "ignored"}}) {
    EXPECT_EQ(pair_of(row.field), row.pair) << row.field;
  }
}

TEST(SetCookie, has_a_name_and_a_value_of_4096_bytes_at_most) {
  EXPECT_NE(pair_of("n=" + std::string(4095, 'v')), "ignored");
  EXPECT_EQ(pair_of("n=" + std::string(4096, 'v')), "ignored");
  EXPECT_NE(pair_of("n=" + std::string(4095, 'v') + "; Path=/" + std::string(5000, 'p')), "ignored");
}

TEST(SetCookie, has_attributes_in_any_case_and_order) {
  const auto cookie =
      parse_set_cookie("a=b; SECURE; path = /x ;HttpOnly;Domain=.A.Test; samesite=lax; Unknown=1; ;", now);
  ASSERT_TRUE(cookie);
  EXPECT_TRUE(cookie->secure);
  EXPECT_TRUE(cookie->http_only);
  EXPECT_EQ(cookie->path, "/x");
  EXPECT_EQ(cookie->domain, "a.test");
  EXPECT_EQ(cookie->same_site, SameSite::lax);
  EXPECT_FALSE(cookie->expires);
}

TEST(SetCookie, takes_the_last_of_several_attributes) {
  const auto cookie = parse_set_cookie(
      "a=b; Path=/x; Path=y; Domain=a.test; Domain=b.test; SameSite=None;"
      " SameSite=Strict; Path=/" +
          std::string(1024, 'z'),
      now);
  ASSERT_TRUE(cookie);
  EXPECT_FALSE(cookie->path);  // the third is too long to be one, the second begins without a slash
  EXPECT_EQ(cookie->domain, "b.test");
  EXPECT_EQ(cookie->same_site, SameSite::strict);
}

std::optional<sys_seconds> expiry(const std::string& attributes) {
  return parse_set_cookie("a=b; " + attributes, now)->expires;
}

TEST(SetCookie, expires) {
  const sys_seconds next_year = sys_days(2027y / January / 1);
  EXPECT_EQ(expiry("Expires=Fri, 01 Jan 2027 00:00:00 GMT"), next_year);
  EXPECT_EQ(expiry("Expires=soon"), std::nullopt);
  EXPECT_EQ(expiry("Max-Age=60"), now + 60s);
  EXPECT_EQ(expiry("Max-Age=60; Expires=Fri, 01 Jan 2027 00:00:00 GMT"), now + 60s);
  EXPECT_EQ(expiry("Max-Age=x; Expires=Fri, 01 Jan 2027 00:00:00 GMT"), next_year);
  for (const char* none : {"Max-Age=", "Max-Age=-", "Max-Age=+1", "Max-Age=1.5", "Max-Age= 1 2"})
    EXPECT_EQ(expiry(none), std::nullopt) << none;
  for (const char* past :
       {"Max-Age=0", "Max-Age=-1", "Max-Age=-99999999999999999999", "Expires=Thu, 01 Jan 1970 00:00:00 GMT"})
    EXPECT_LT(expiry(past), now) << past;
}

TEST(SetCookie, lives_for_400_days_at_most) {
  EXPECT_EQ(expiry("Max-Age=34560000"), now + days(400));
  EXPECT_EQ(expiry("Max-Age=34560001"), now + days(400));
  EXPECT_EQ(expiry("Max-Age=99999999999999999999999"), now + days(400));
  EXPECT_EQ(expiry("Expires=Fri, 01 Jan 9999 00:00:00 GMT"), now + days(400));
}

}  // namespace
}  // namespace headway::cookies
