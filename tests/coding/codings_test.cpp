// SPDX-License-Identifier: BSL-1.0

#include "src/coding/codings.hpp"

#include "src/coding/decoders.hpp"

#include <headway/error.hpp>

#include <gtest/gtest.h>

namespace headway::coding {
namespace {

struct Case {
  Headers headers;
  std::vector<MakeDecoder> steps;
};

TEST(Codings, are_undone_in_the_reverse_order) {
  const std::vector<Case> cases = {
      {{}, {}},
      {{{"Content-Encoding", ""}}, {}},
      {{{"Content-Encoding", "identity"}}, {}},
      {{{"Content-Encoding", "gzip"}}, {make_gzip_decoder}},
      {{{"content-encoding", "GZip"}}, {make_gzip_decoder}},
      {{{"Content-Encoding", "x-gzip"}}, {make_gzip_decoder}},
      {{{"Content-Encoding", " ,deflate ,\tgzip, "}}, {make_gzip_decoder, make_deflate_decoder}},
      {{{"Content-Encoding", "br, identity"}, {"Content-Encoding", "zstd"}},
       {make_zstd_decoder, make_brotli_decoder}},
  };
  for (const Case& c : cases) {
    std::error_code ec;
    EXPECT_EQ(plan(c.headers, ec), c.steps) << c.headers["Content-Encoding"];
    EXPECT_FALSE(ec);
  }
}

TEST(Codings, are_left_alone_if_one_is_unknown) {
  for (const char* value :
       {"compress", "gzip, aes128gcm", "aes128gcm, gzip", "gzi", "gzip;q=1", "gzip gzip"}) {
    std::error_code ec;
    EXPECT_TRUE(plan({{"Content-Encoding", value}}, ec).empty()) << value;
    EXPECT_FALSE(ec);
  }
}

TEST(Codings, are_four_at_most) {
  std::error_code ec;
  EXPECT_EQ(plan({{"Content-Encoding", "gzip, gzip, identity, gzip, gzip"}}, ec).size(), most_codings);
  EXPECT_FALSE(ec);
  plan({{"Content-Encoding", "gzip, gzip, gzip, gzip, gzip"}}, ec);
  EXPECT_EQ(ec, Error::too_many_codings);
}

TEST(Codings, are_named_to_servers) { EXPECT_EQ(accepted(), "gzip, deflate, br, zstd"); }

}  // namespace
}  // namespace headway::coding
