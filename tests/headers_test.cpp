// SPDX-License-Identifier: BSL-1.0

#include "src/core/headers_builder.hpp"

#include <headway/headers.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <type_traits>
#include <utility>

namespace headway {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs(const Headers& headers) {
  Pairs all;
  for (const Headers::Field field : headers) all.emplace_back(field.name, field.value);
  return all;
}

TEST(Headers, keep_order_case_and_repetitions) {
  const Headers headers{{"B", "1"}, {"a", "2"}, {"b", "3"}};
  EXPECT_EQ(pairs(headers), (Pairs{{"B", "1"}, {"a", "2"}, {"b", "3"}}));
  EXPECT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers.count("b"), 2u);
  EXPECT_THAT(headers.values("B"), ElementsAre("1", "3"));
  EXPECT_EQ(headers["b"], "1");
}

TEST(Headers, find_names_without_regard_to_case) {
  const Headers headers{{"Content-Type", "text/plain"}, {"X", ""}};
  EXPECT_EQ(headers["content-TYPE"], "text/plain");
  EXPECT_TRUE(headers.contains("CONTENT-type"));
  EXPECT_TRUE(headers.contains("x"));
  EXPECT_FALSE(headers.contains("Content-Typ"));
  EXPECT_FALSE(headers.contains("Content-Type "));
  EXPECT_FALSE(headers.contains(""));
}

TEST(Headers, answer_with_nothing_for_an_absent_name) {
  const Headers headers{{"a", "b"}};
  EXPECT_EQ(headers["c"], "");
  EXPECT_EQ(headers.count("c"), 0u);
  EXPECT_THAT(headers.values("c"), IsEmpty());
  EXPECT_TRUE(Headers().empty());
  EXPECT_EQ(Headers()["c"], "");
}

TEST(Headers, set_replaces_all_of_a_name_in_the_place_of_the_first) {
  Headers headers{{"x", "1"}, {"a", "2"}, {"y", "3"}, {"A", "4"}, {"z", "5"}, {"a", "6"}};
  headers.set("A", "longer than before");
  EXPECT_EQ(pairs(headers), (Pairs{{"x", "1"}, {"A", "longer than before"}, {"y", "3"}, {"z", "5"}}));
  headers.set("a", "");
  EXPECT_EQ(pairs(headers), (Pairs{{"x", "1"}, {"a", ""}, {"y", "3"}, {"z", "5"}}));
  headers.set("new", "6");
  EXPECT_EQ(pairs(headers), (Pairs{{"x", "1"}, {"a", ""}, {"y", "3"}, {"z", "5"}, {"new", "6"}}));
}

TEST(Headers, erase_removes_all_of_a_name_and_counts_them) {
  Headers headers{{"a", "1"}, {"b", "2"}, {"A", "3"}, {"a", "4"}, {"c", "5"}};
  EXPECT_EQ(headers.erase("a"), 3u);
  EXPECT_EQ(pairs(headers), (Pairs{{"b", "2"}, {"c", "5"}}));
  EXPECT_EQ(headers.erase("a"), 0u);
  EXPECT_EQ(headers.erase("c"), 1u);
  EXPECT_EQ(headers.erase("b"), 1u);
  EXPECT_TRUE(headers.empty());
  headers.add("d", "6");
  EXPECT_EQ(pairs(headers), (Pairs{{"d", "6"}}));
}

TEST(Headers, take_views_of_their_own_text) {
  Headers headers{{"name", "some value that is long enough"}, {"b", "x"}};
  for (int i = 0; i < 50; ++i) headers.add(headers.at(0).name, headers.at(0).value);
  EXPECT_THAT(headers.values("name"), ::testing::SizeIs(51));
  EXPECT_THAT(headers.values("name"), ::testing::Each("some value that is long enough"));
  headers.set(headers.at(50).name, headers.at(1).value);
  EXPECT_EQ(pairs(headers), (Pairs{{"name", "x"}, {"b", "x"}}));
  EXPECT_EQ(headers.erase(headers.at(0).name), 1u);
  EXPECT_EQ(pairs(headers), (Pairs{{"b", "x"}}));
}

TEST(Headers, keep_their_memory_when_cleared) {
  Headers headers{{"name", std::string(200, 'v')}};
  const void* text = headers.at(0).name.data();
  headers.clear();
  EXPECT_TRUE(headers.empty());
  EXPECT_FALSE(headers.contains("name"));
  headers.add("other", std::string(190, 'w'));
  EXPECT_EQ(headers.at(0).name.data(), text);
}

TEST(Headers, copies_are_independent) {
  Headers one{{"a", "1"}};
  const Headers two = one;
  one.set("a", "2");
  EXPECT_EQ(two["a"], "1");
  const Headers three = std::move(one);
  EXPECT_EQ(three["a"], "2");
}

// A copy may find no memory, which must not end the program.
static_assert(!std::is_nothrow_copy_assignable_v<Headers>);
static_assert(std::is_nothrow_move_assignable_v<Headers>);

TEST(Headers, that_were_moved_from_are_empty_and_can_be_filled_again) {
  Headers one{{"a", "1"}};
  Headers two = std::move(one);
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
  one.add("b", "2");
  EXPECT_EQ(pairs(one), (Pairs{{"b", "2"}}));
  one = std::move(two);
  EXPECT_EQ(pairs(one), (Pairs{{"a", "1"}}));
  EXPECT_TRUE(two.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(Headers, are_equal_if_fields_and_order_are_whatever_the_case_of_names) {
  const Headers headers{{"a", "1"}, {"b", "2"}};
  EXPECT_EQ(headers, (Headers{{"A", "1"}, {"B", "2"}}));
  EXPECT_NE(headers, (Headers{{"b", "2"}, {"a", "1"}}));
  EXPECT_NE(headers, (Headers{{"a", "1"}}));
  EXPECT_NE(headers, (Headers{{"a", "1"}, {"b", "X"}}));
  EXPECT_NE((Headers{{"a", "x"}}), (Headers{{"a", "X"}}));
  EXPECT_EQ(Headers(), Headers());
}

TEST(Headers, changed_many_times_still_hold_what_a_plain_list_would) {
  Headers headers;
  Pairs model;
  unsigned seed = 1;
  const auto next = [&seed](unsigned below) {
    return (seed = seed * 1664525u + 1013904223u) / 65536u % below;
  };
  for (int step = 0; step < 5000; ++step) {
    const std::string name(1, static_cast<char>('a' + next(4)));
    const std::string value(next(40), static_cast<char>('0' + next(10)));
    const auto has_name = [&name](const auto& field) { return field.first == name; };
    const unsigned what = model.size() > 12 ? 2 : next(3);
    if (what == 0) {
      headers.add(name, value);
      model.emplace_back(name, value);
    } else if (what == 1) {
      headers.set(name, value);
      const auto first = std::find_if(model.begin(), model.end(), has_name);
      if (first == model.end()) {
        model.emplace_back(name, value);
      } else {
        first->second = value;
        model.erase(std::remove_if(first + 1, model.end(), has_name), model.end());
      }
    } else {
      EXPECT_EQ(headers.erase(name), std::erase_if(model, has_name));
    }
    ASSERT_EQ(pairs(headers), model) << "step " << step;
  }
}

TEST(HeadersBuilder, joins_pieces_and_cuts_trailing_blanks) {
  Headers headers;
  detail::HeadersBuilder builder;
  builder.start(headers);
  const std::string_view first = "HTTP/1.1 200 OK\r\nContent-Type: text/plain \t";
  builder.keep(first, 1);
  EXPECT_TRUE(builder.add_to_name(first.substr(17, 3)));
  EXPECT_TRUE(builder.add_to_name(first.substr(20, 9)));
  EXPECT_TRUE(builder.add_to_value(first.substr(31, 5)));
  EXPECT_TRUE(builder.add_to_value(first.substr(36)));
  const std::string_view second = " \r\nEmpty: \t \r\nNone:\r\n\r\n";
  builder.keep(second, 3);
  EXPECT_EQ(headers.size(), 0u);
  EXPECT_TRUE(builder.add_to_value(second.substr(0, 1)));
  EXPECT_TRUE(builder.end_field());
  EXPECT_TRUE(builder.add_to_name(second.substr(3, 5)));
  EXPECT_TRUE(builder.add_to_value(second.substr(10, 2)));
  EXPECT_TRUE(builder.end_field());
  EXPECT_TRUE(builder.add_to_name(second.substr(14, 4)));
  EXPECT_TRUE(builder.end_field());
  EXPECT_EQ(pairs(headers), (Pairs{{"Content-Type", "text/plain"}, {"Empty", ""}, {"None", ""}}));
  headers.set("content-type", "x");
  EXPECT_EQ(pairs(headers), (Pairs{{"content-type", "x"}, {"Empty", ""}, {"None", ""}}));
  headers.set("none", "some");
  headers.add("more", "y");
  EXPECT_EQ(headers.erase("empty"), 1u);
  EXPECT_EQ(pairs(headers), (Pairs{{"content-type", "x"}, {"none", "some"}, {"more", "y"}}));
}

TEST(HeadersBuilder, refuses_pieces_that_do_not_adjoin) {
  Headers headers;
  detail::HeadersBuilder builder;
  builder.start(headers);
  const std::string_view part = "a: b c";
  builder.keep(part, 1);
  EXPECT_TRUE(builder.add_to_name(part.substr(0, 1)));
  EXPECT_TRUE(builder.add_to_value(part.substr(3, 1)));
  EXPECT_FALSE(builder.add_to_value(part.substr(5, 1)));
}

TEST(HeadersBuilder, refuses_more_fields_than_were_announced) {
  Headers headers;
  detail::HeadersBuilder builder;
  builder.start(headers);
  const std::string_view part = "a:b:c:";
  builder.keep(part, 2);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(builder.add_to_name(part.substr(2 * i, 1)));
    EXPECT_EQ(builder.end_field(), i < 2);
  }
  EXPECT_EQ(pairs(headers), (Pairs{{"a", ""}, {"b", ""}}));
}

TEST(HeadersBuilder, leaves_headers_as_they_were_where_a_field_does_not_end) {
  Headers headers;
  detail::HeadersBuilder builder;
  builder.start(headers);
  const std::string_view part = "Unfinished: x";
  builder.keep(part, 1);
  EXPECT_TRUE(builder.add_to_name(part.substr(0, 10)));
  EXPECT_TRUE(builder.add_to_value(part.substr(12)));
  EXPECT_TRUE(headers.empty());
  headers.add("b", "2");
  headers.add("c", "3");
  headers.set("b", "22");
  EXPECT_EQ(pairs(headers), (Pairs{{"b", "22"}, {"c", "3"}}));
}

TEST(EqualsIgnoringCase, folds_ascii_letters_alone) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const auto lower = [](int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
      const std::string x(1, static_cast<char>(a)), y(1, static_cast<char>(b));
      ASSERT_EQ(equals_ignoring_case(x, y), lower(a) == lower(b)) << a << ' ' << b;
    }
  }
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(ListContains, finds_whole_elements_alone) {
  const struct {
    const char *value, *token;
    bool found;
  } cases[] = {
      {"close", "close", true},
      {"CLOSE", "close", true},
      {" \tclose\t ", "close", true},
      {"keep-alive, close", "close", true},
      {"keep-alive,close,x", "close", true},
      {",,close", "close", true},
      {"close,", "close", true},
      {"a,\"b,close\",close", "close", true},
      {"", "close", false},
      {",", "close", false},
      {"clo,e", "close", false},
      {"closed", "close", false},
      {"not-close", "close", false},
      {"close close", "close", false},
      {"close;q=1", "close", false},
      {"\"close\"", "close", false},
      {"\"a, close\"", "close", false},
      {"\"a\\\", close\"", "close", false},
      {"\"unfinished, close", "close", false},
      {"\"\\", "close", false},
      {"a,,b", "", false},
      {"", "", false},
  };
  for (const auto& c : cases) EXPECT_EQ(list_contains(c.value, c.token), c.found) << c.value;
}

TEST(IsToken, knows_every_byte) {
  const std::string others = "!#$%&'*+-.^_`|~";
  for (int c = 0; c < 256; ++c) {
    const bool letter_or_digit = c < 128 && std::isalnum(c);
    const bool allowed =
        letter_or_digit || (c != 0 && others.find(static_cast<char>(c)) != std::string::npos);
    EXPECT_EQ(is_token("x"s + static_cast<char>(c)), allowed) << c;
  }
  EXPECT_FALSE(is_token(""));
}

TEST(IsFieldValue, forbids_what_could_end_the_field) {
  for (int c = 0; c < 256; ++c) {
    EXPECT_EQ(is_field_value("x"s + static_cast<char>(c) + "y"), c != '\r' && c != '\n' && c != 0) << c;
  }
  EXPECT_TRUE(is_field_value(""));
}

}  // namespace
}  // namespace headway
