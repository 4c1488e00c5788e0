// SPDX-License-Identifier: BSL-1.0

#include <headway/range.hpp>

#include <gtest/gtest.h>

namespace headway {
namespace {

/// "first-last/total", with a '*' for what is not said.
std::string read(std::string_view value) {
  const auto range = parse_content_range(value);
  if (!range) return "nothing";
  std::string text =
      range->bytes ? std::to_string(range->bytes->first) + "-" + std::to_string(range->bytes->last) : "*";
  return text + "/" + (range->total ? std::to_string(*range->total) : "*");
}

TEST(Range, is_asked_for_by_offsets_or_from_the_end) {
  EXPECT_EQ(bytes_from(500), "bytes=500-");
  EXPECT_EQ(bytes_between(0, 99), "bytes=0-99");
  EXPECT_EQ(last_bytes(7), "bytes=-7");
  EXPECT_EQ(bytes_from(~std::uint64_t{0}), "bytes=18446744073709551615-");
}

TEST(ContentRange, tells_which_part_of_how_much) {
  EXPECT_EQ(read("bytes 0-99/1234"), "0-99/1234");
  EXPECT_EQ(read("Bytes 5-5/*"), "5-5/*");
  EXPECT_EQ(read("bytes 0-18446744073709551614/18446744073709551615"),
            "0-18446744073709551614/18446744073709551615");
}

TEST(ContentRange, tells_the_size_where_a_range_cannot_be_given) { EXPECT_EQ(read("bytes */47"), "*/47"); }

TEST(ContentRange, is_nothing_where_it_is_malformed) {
  for (const char* value : {"",
                            "bytes",
                            "bytes ",
                            "bytes 0-9",
                            "bytes=0-9/10",
                            "items 0-9/10",
                            "bytes 9-0/10",
                            "bytes 0-10/10",
                            "bytes */*",
                            "bytes -9/10",
                            "bytes 0-/10",
                            "bytes 0-9/",
                            "bytes +0-9/10",
                            "bytes 0-9/10 ",
                            "bytes 0 - 9/10",
                            "bytes 0-9/-1",
                            "bytes 0-99999999999999999999/*",
                            "bytes 0-9/1/2",
                            "bytes 0-1,3-4/10",
                            "bytes 0-1/18446744073709551616"}) {
    EXPECT_EQ(read(value), "nothing") << value;
  }
}

}  // namespace
}  // namespace headway
