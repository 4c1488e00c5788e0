// SPDX-License-Identifier: BSL-1.0

#include <headway/error.hpp>
#include <headway/response.hpp>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using namespace std::string_literals;

constexpr const char* mark = "\xEF\xBF\xBD";

Response response(std::string body, std::string_view content_type) {
  Response made;
  made.body = std::move(body);
  if (!content_type.empty()) made.headers.add("Content-Type", content_type);
  return made;
}

struct Reading {
  std::string body;
  const char* content_type;
  std::string text;
};

void expect_texts(std::initializer_list<Reading> cases) {
  for (const Reading& c : cases) {
    std::error_code ec = Error::cancelled;
    EXPECT_EQ(response(c.body, c.content_type).text(ec), c.text) << c.content_type;
    EXPECT_FALSE(ec) << c.content_type;
  }
}

TEST(Text, is_converted_from_the_charset_of_content_type) {
  expect_texts({
      {"abc", "", "abc"},
      {"", "text/plain; charset=koi8-r", ""},
      {"caf\xE9", "text/plain; charset=ISO-8859-1", "caf\xC3\xA9"},
      {"caf\xE9", "text/plain;charset=\"iso-8859-1\"", "caf\xC3\xA9"},
      {"caf\xE9", "text/plain; Charset=\"ISO\\-8859-1\"; x=y", "caf\xC3\xA9"},
      {"caf\xE9", "text/plain ; a=b ; CHARSET = latin1 ;", "caf\xC3\xA9"},
      {"caf\xE9", "text/plain; a=\"charset=utf-8; \\\";\"; charset=latin1", "caf\xC3\xA9"},
      {"caf\xE9", "text/plain; charset=latin1; charset=utf-8", "caf\xC3\xA9"},
      {"caf\xE9", "text/plain;;charset; charset=latin1", "caf\xC3\xA9"},
      {"\x80", "text/html; charset=windows-1252", "\xE2\x82\xAC"},
      {"\xC4\xE3\xBA\xC3", "text/html; charset=GB2312", "\xE4\xBD\xA0\xE5\xA5\xBD"},
      {"\xE9\x46", "text/html; charset=gb2312", "\xE9\x95\x95"},
      {"\xC4\xE3\xBA\xC3", "text/html; charset=gb18030", "\xE4\xBD\xA0\xE5\xA5\xBD"},
      {"\x81\x30\x81\x30", "text/html; charset=GB18030", "\xC2\x80"},
      {"\xC4\xE3\xBA\xC3", "text/html; charset=GBK", "\xE4\xBD\xA0\xE5\xA5\xBD"},
      {"\xA7\x41\xA6\x6E", "text/html; charset=Big5", "\xE4\xBD\xA0\xE5\xA5\xBD"},
      {"\x93\xFA\x96\x7B", "text/html; charset=Shift_JIS", "\xE6\x97\xA5\xE6\x9C\xAC"},
      {"\x1B$BF|K\\\x1B(B!", "text/html; charset=ISO-2022-JP", "\xE6\x97\xA5\xE6\x9C\xAC!"},
      {"a\0\x3D\xD8\x00\xDE"s, "text/plain; charset=utf-16le", "a\xF0\x9F\x98\x80"},
      {"\0a"s, "text/plain; charset=UTF-16BE", "a"},
      {"a\0"s, "text/plain; charset=UTF-16", "a"},
      {"a\0\0\0"s, "text/plain; charset=UTF-32", "a"},
      {"a\0b"s, "text/plain", "a\0b"s},
      {"caf\xC3\xA9", "text/plain; charset=", "caf\xC3\xA9"},
      {"caf\xC3\xA9", "text/plain; charset=\"\"", "caf\xC3\xA9"},
      {"caf\xC3\xA9", "text/plain; charset=utf8", "caf\xC3\xA9"},
      {"caf\xC3\xA9", "charset=latin1", "caf\xC3\xA9"},
      {"caf\xC3\xA9", "text/plain; charset=\"utf-8", "caf\xC3\xA9"},
  });
}

TEST(Text, obeys_a_byte_order_mark_before_all_else) {
  expect_texts({
      {"\xEF\xBB\xBF\xC3\xA9", "text/plain; charset=latin1", "\xC3\xA9"},
      {"\xFE\xFF\0a"s, "text/plain; charset=utf-8", "a"},
      {"\xFF\xFE"
       "a\0"s,
       "text/plain; charset=utf-16be", "a"},
      {"\xFF\xFE\0\0a\0\0\0"s, "", "a"},
      {"\0\0\xFE\xFF\0\0\0a"s, "", "a"},
      {"\xEF\xBB\xBF", "", ""},
      {"\xFF\xFE", "text/plain; charset=unheard-of", ""},
      {"\xEF\xBB", "", mark},
      {"a\xEF\xBB\xBF", "", "a\xEF\xBB\xBF"},
  });
}

TEST(Text, replaces_each_malformed_utf_8_sequence) {
  const std::string r = mark;
  expect_texts({
      {"a\xFFz", "", "a" + r + "z"},
      {"\x80\xBF", "", r + r},
      {"\xC3", "", r},
      {"\xC3(", "", r + "("},
      {"\xC0\xAF", "", r + r},
      {"\xC1\xBF", "", r + r},
      {"\xE0\x80\xAF", "", r + r + r},
      {"\xE0\xA0", "", r},
      {"\xE2\x82"
       "A",
       "", r + "A"},
      {"\xE2\x82\xE2\x82\xAC", "", r + "\xE2\x82\xAC"},
      {"\xED\xA0\x80", "", r + r + r},
      {"\xED\x9F\xBF", "", "\xED\x9F\xBF"},
      {"\xEE\x80\x80", "", "\xEE\x80\x80"},
      {"\xF0\x80\x80\x80", "", r + r + r + r},
      {"\xF0\x90\x80\x80", "", "\xF0\x90\x80\x80"},
      {"\xF0\x9F\x98", "", r},
      {"\xF4\x8F\xBF\xBF", "", "\xF4\x8F\xBF\xBF"},
      {"\xF4\x90\x80\x80", "", r + r + r + r},
      {"\xF5\x80", "", r + r},
      {"\xE2\x82\xAC\xE2\x82", "", "\xE2\x82\xAC" + r},
  });
}

TEST(Text, replaces_what_is_malformed_in_other_charsets) {
  const std::string r = mark;
  expect_texts({
      {"a\x80z", "text/plain; charset=us-ascii", "a" + r + "z"},
      {"a\0\0\xDCz\0"s, "text/plain; charset=utf-16le", "a" + r + "z"},
      {"a\0z"s, "text/plain; charset=utf-16le", "a" + r},
      {"a\0\x3D\xD8"s, "text/plain; charset=utf-16le", "a" + r},
      {"\0\0\x11\0a\0\0\0"s, "text/plain; charset=utf-32le", r + "a"},
      {"a\x81", "text/plain; charset=gbk", "a" + r},
      {"\xFF"
       "a",
       "text/plain; charset=euc-jp", r + "a"},
  });
}

TEST(Text, may_be_longer_than_any_buffer) {
  std::string body, text;
  for (int i = 0; i < 50'000; ++i) {
    body += "x\xE9";
    text += "x\xC3\xA9";
  }
  expect_texts({{body, "text/plain; charset=latin1", text}, {text, "text/plain", text}});
  expect_texts({{std::string(20'000, '\xFF'), "text/plain; charset=us-ascii", [] {
                   std::string marks;
                   for (int i = 0; i < 20'000; ++i) marks += mark;
                   return marks;
                 }()}});
}

TEST(Text, is_in_the_default_charset_where_none_is_named) {
  EXPECT_EQ(response("\xE9", "text/plain").text("latin1"), "\xC3\xA9");
  EXPECT_EQ(response("\xE9", "").text("latin1"), "\xC3\xA9");
  EXPECT_EQ(response("\xC3\xA9", "text/plain; charset=utf-8").text("latin1"), "\xC3\xA9");
  EXPECT_EQ(response("\xC3\xA9", "").text(), "\xC3\xA9");
}

TEST(Text, of_an_unknown_charset_is_an_error) {
  for (const char* name :
       {"unheard-of", "utf-8//IGNORE", "utf-8//TRANSLIT", "../../x", "utf 8", "\xC3\xA9", "//"}) {
    const Response made = response("abc", "text/plain; charset=\""s + name + '"');
    std::error_code ec;
    EXPECT_EQ(made.text(ec), "");
    EXPECT_EQ(ec, Error::unknown_charset) << name;
    EXPECT_THROW(made.text(), std::system_error);
  }
  std::error_code ec;
  EXPECT_EQ(response("abc", "").text("", ec), "");
  EXPECT_EQ(ec, Error::unknown_charset);
  response("abc", "text/plain; charset=" + std::string(10'000, 'a')).text(ec);
  EXPECT_EQ(ec, Error::unknown_charset);
}

}  // namespace
}  // namespace headway
