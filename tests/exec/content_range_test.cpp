// SPDX-License-Identifier: BSL-1.0

#include "src/exec/content_range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway::exec {
namespace {

using namespace std::chrono_literals;

std::string shown(std::string_view text) {
  const auto range = parse_content_range(text);
  if (!range) return "malformed";
  const auto number = [](const auto& value) { return value ? std::to_string(*value) : "*"; };
  return number(range->first) + ' ' + number(range->last) + ' ' + number(range->total);
}

struct Row {
  const char* text;
  const char* shown;
};

TEST(ContentRange, is_read_as_the_grammar_says) {
  constexpr Row table[] = {
      {"bytes 0-99/1234", "0 99 1234"},
      {"bytes 5-5/6", "5 5 6"},
      {"bytes 42-1233/*", "42 1233 *"},
      {"bytes */1234", "* * 1234"},
      {"Bytes 0-0/1", "0 0 1"},
      {"bytes 0-18446744073709551614/18446744073709551615", "0 18446744073709551614 18446744073709551615"},
      {"", "malformed"},
      {"bytes", "malformed"},
      {"bytes ", "malformed"},
      {"bytes 0-99", "malformed"},
      {"bytes 0-99/", "malformed"},
      {"bytes */*", "malformed"},
      {"bytes 9-8/10", "malformed"},
      {"bytes 0-10/10", "malformed"},
      {"bytes -5/10", "malformed"},
      {"bytes 0-/10", "malformed"},
      {"bytes +0-1/10", "malformed"},
      {"bytes 0 - 1/10", "malformed"},
      {"bytes=0-1/10", "malformed"},
      {"bytes 0-1/10 ", "malformed"},
      {"bytes 0-1/18446744073709551616", "malformed"},
      {"lines 0-1/10", "malformed"},
      {"bytes 0-1,3-4/10", "malformed"},
  };
  for (const Row& row : table) EXPECT_EQ(shown(row.text), row.shown) << row.text;
}

struct Judged {
  int status;
  const char* range;
  std::optional<std::uint64_t> have;
  DownloadStep step;
};

TEST(ContentRange, decides_what_a_response_means_to_a_download) {
  using enum DownloadStep;
  const Judged table[] = {
      {200, "", std::nullopt, whole},
      {200, "", 5, whole},
      {206, "bytes 5-9/10", 5, rest},
      {206, "bytes 5-9/*", 5, again},
      {206, "bytes 5-8/10", 5, wrong},
      {206, "bytes 4-9/10", 5, wrong},
      {206, "bytes 0-9/10", 5, wrong},
      {206, "bytes */10", 5, wrong},
      {206, "", 5, wrong},
      {206, "bytes 5-9/10", std::nullopt, other},
      {416, "bytes */5", 5, complete},
      {416, "bytes */4", 5, again},
      {416, "bytes */6", 5, again},
      {416, "", 5, again},
      {416, "bytes */5", std::nullopt, other},
      {404, "", std::nullopt, other},
      {404, "", 5, other},
      {204, "", 5, other},
  };
  for (const Judged& row : table) {
    ResponseHead head{.status = row.status};
    if (*row.range != '\0') head.headers.set("Content-Range", row.range);
    EXPECT_EQ(judge_download(head, row.have, "\"kept\""), row.step) << row.status << ' ' << row.range;
  }
}

TEST(ContentRange, is_of_no_use_where_the_validator_is_another) {
  struct Kept {
    const char *kept, *name, *theirs;
    DownloadStep step;
  };
  const Kept table[] = {
      {"\"a\"", "ETag", "\"a\"", DownloadStep::rest},
      {"\"a\"", "ETag", "\"b\"", DownloadStep::again},
      {"\"a\"", "Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT", DownloadStep::rest},
      {"Sun, 06 Nov 1994 08:49:37 GMT", "Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT", DownloadStep::rest},
      {"Sun, 06 Nov 1994 08:49:37 GMT", "Last-Modified", "Sun, 06 Nov 1994 08:49:38 GMT",
       DownloadStep::again},
  };
  for (const Kept& row : table) {
    ResponseHead head{.status = 206};
    head.headers.set("Content-Range", "bytes 5-9/10");
    head.headers.set(row.name, row.theirs);
    EXPECT_EQ(judge_download(head, 5, row.kept), row.step) << row.kept << ' ' << row.theirs;
    head.status = 416;
    head.headers.set("Content-Range", "bytes */5");
    EXPECT_EQ(judge_download(head, 5, row.kept) == DownloadStep::complete, row.step == DownloadStep::rest);
  }
}

struct Validator {
  Headers headers;
  const char* expected;
};

TEST(ContentRange, names_what_a_range_may_be_asked_for_by) {
  const std::chrono::sys_seconds now{1'700'000'000s};
  const Validator table[] = {
      {{{"ETag", "\"abc\""}}, "\"abc\""},
      {{{"ETag", "W/\"abc\""}}, ""},
      {{{"ETag", "abc"}}, ""},
      {{{"ETag", "\"a\""}, {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}}, "\"a\""},
      {{{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:38 GMT"}},
       "Sun, 06 Nov 1994 08:49:37 GMT"},
      {{{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}, ""},
      {{{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}}, ""},
      {{{"Last-Modified", "yesterday"}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}, ""},
      {{}, ""},
  };
  for (const Validator& row : table) EXPECT_EQ(range_validator(row.headers, now), row.expected);
}

}  // namespace
}  // namespace headway::exec
