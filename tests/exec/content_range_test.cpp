// SPDX-License-Identifier: BSL-1.0

#include "src/exec/content_range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway::exec {
namespace {

using namespace std::chrono_literals;

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
