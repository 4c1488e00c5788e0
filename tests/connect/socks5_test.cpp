// SPDX-License-Identifier: BSL-1.0
#include "src/connect/socks5.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway::connect {
namespace {

using namespace std::string_literals;
using socks5::Method;
using socks5::Verdict;

TEST(Socks5, greets_with_what_it_has) {  // scenario 124
  EXPECT_EQ(socks5::greeting(false), "\5\1\0"s);
  EXPECT_EQ(socks5::greeting(true), "\5\2\0\2"s);
  EXPECT_EQ(socks5::parse_choice("\5\0"s, false), Method::none);
  EXPECT_EQ(socks5::parse_choice("\5\2"s, true), Method::password);
  EXPECT_EQ(socks5::parse_choice("\5\xff"s, true), Method::refused);
}

TEST(Socks5, refuses_choices_that_it_was_not_offered) {  // scenario 124
  for (const std::string& bytes : {"\4\0"s, "\5\1"s, "\5\2"s, "HT"s, "\5"s, ""s})
    EXPECT_FALSE(socks5::parse_choice(bytes, false));
}

TEST(Socks5, logs_in_with_any_bytes) {  // scenario 124
  EXPECT_EQ(socks5::login("ab", "c:d"), "\1\2ab\3c:d"s);
  EXPECT_EQ(socks5::login(std::string(255, 'u'), "").substr(0, 2), "\1\xff"s);
  EXPECT_EQ(socks5::parse_verdict("\1\0"s), Verdict::accepted);
  EXPECT_EQ(socks5::parse_verdict("\1\1"s), Verdict::refused);
  EXPECT_EQ(socks5::parse_verdict("\5\0"s), Verdict::malformed);
}

TEST(Socks5, asks_for_names_and_addresses) {  // scenario 124
  EXPECT_EQ(socks5::connect_request("a.test", 443), "\5\1\0\3\6a.test\1\xbb"s);
  EXPECT_EQ(socks5::connect_request("127.0.0.1", 80), "\5\1\0\1\x7f\0\0\1\0\x50"s);
  EXPECT_EQ(socks5::connect_request("::1", 80), "\5\1\0\4"s + std::string(15, '\0') + "\1\0\x50"s);
  EXPECT_EQ(socks5::connect_request(*Address::of_literal("127.0.0.1", 80)),
            socks5::connect_request("127.0.0.1", 80));
}

TEST(Socks5, knows_from_the_beginning_of_a_reply_how_long_it_is) {  // scenario 124
  EXPECT_EQ(socks5::parse_reply("\5\0\0\1\0"s)->more, 5U);
  EXPECT_EQ(socks5::parse_reply("\5\0\0\4\0"s)->more, 17U);
  EXPECT_EQ(socks5::parse_reply("\5\0\0\3\xff"s)->more, 257U);
  EXPECT_EQ(socks5::parse_reply("\5\4\0\1\0"s)->code, 4);
  for (const std::string& bytes : {"\4\0\0\1\0"s, "\5\0\1\1\0"s, "\5\0\0\2\0"s, "HTTP/"s, "\5\0\0\1"s})
    EXPECT_FALSE(socks5::parse_reply(bytes));
  for (int code = 0; code < 10; ++code)  // a general failure is what many say of any address
    EXPECT_EQ(socks5::is_of_target(static_cast<std::uint8_t>(code)),
              code == 1 || (code >= 3 && code <= 6) || code == 8)
        << code;
  EXPECT_STREQ(socks5::describe(4), "host unreachable");
  EXPECT_STREQ(socks5::describe(200), "unknown failure");
}

}  // namespace
}  // namespace headway::connect
