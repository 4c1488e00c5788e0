// SPDX-License-Identifier: BSL-1.0

// Bodies through their decoders: whatever the pieces, the same comes out; what is cut, wrong or swollen is an
// error.

#include "src/coding/body_decoder.hpp"

#include "src/coding/decoders.hpp"
#include "tests/coding/encode.hpp"

#include <headway/error.hpp>

#include <gtest/gtest.h>

namespace headway::coding {
namespace {

using namespace headway::testing;

struct Decoded {
  std::string text;
  std::error_code error;
};

struct Pieces {
  std::size_t in = 1 << 20, out = 1 << 16;
};

Decoded decode(const std::vector<MakeDecoder>& steps, std::string_view bytes, const Pieces& pieces = {},
               const DecodingLimits& limits = {}) {
  BodyDecoder decoder(steps, limits);
  Decoded got;
  std::string out(pieces.out, '\0');
  while (!got.error) {
    const std::size_t n = decoder.take(out, got.error);
    got.text.append(out, 0, n);
    if (n > 0 || got.error) continue;
    EXPECT_TRUE(decoder.wants_input());
    if (bytes.empty()) break;
    decoder.feed(bytes.substr(0, pieces.in));
    bytes.remove_prefix(std::min(pieces.in, bytes.size()));
  }
  if (!got.error) decoder.finish(got.error);
  return got;
}

struct Coding {
  const char* name;
  MakeDecoder make;
  std::string (*encode)(std::string_view);
};

const std::vector<Coding> codings = {
    {"gzip", make_gzip_decoder, gzipped},
    {"deflate", make_deflate_decoder, zlibbed},
    {"bare deflate", make_deflate_decoder, bare_deflated},
    {"br", make_brotli_decoder, brotlied},
    {"zstd", make_zstd_decoder, [](std::string_view t) { return zstded(t); }}};

std::string sample(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += "line " + std::to_string(i * i * 7919) + " of the sample\n";
  return text;
}

TEST(BodyDecoder, gives_back_what_was_encoded_however_it_comes) {
  const std::string text = sample(300);
  for (const Coding& coding : codings) {
    const std::string bytes = coding.encode(text);
    for (const Pieces& pieces : {Pieces{}, Pieces{1, 1}, Pieces{1, 4096}, Pieces{4096, 1}, Pieces{7, 13}}) {
      const Decoded got = decode({coding.make}, bytes, pieces);
      EXPECT_FALSE(got.error) << coding.name << got.error.message();
      EXPECT_TRUE(got.text == text) << coding.name << ' ' << pieces.in << ' ' << pieces.out;
    }
    EXPECT_EQ(decode({coding.make}, coding.encode("")).text, "");
    EXPECT_FALSE(decode({coding.make}, coding.encode("")).error) << coding.name;
  }
}

TEST(BodyDecoder, tells_where_the_data_was_cut_off) {
  const std::string text = sample(5);
  for (const Coding& coding : codings) {
    const std::string bytes = coding.encode(text);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      const Decoded got = decode({coding.make}, std::string_view(bytes).substr(0, size));
      EXPECT_EQ(got.error, Error::body_truncated) << coding.name << ' ' << size;
      EXPECT_TRUE(text.starts_with(got.text)) << coding.name << ' ' << size;
    }
  }
}

TEST(BodyDecoder, takes_an_empty_body_for_an_empty_one) {
  for (const Coding& coding : codings) EXPECT_FALSE(decode({coding.make}, "").error) << coding.name;
}

TEST(BodyDecoder, refuses_what_is_not_so_encoded) {
  for (const Coding& coding : codings) {
    EXPECT_EQ(decode({coding.make}, "<html>This is no compressed data at all</html>").error,
              Error::malformed_coding)
        << coding.name;
  }
  std::string damaged = gzipped(sample(50));
  damaged[damaged.size() - 6] ^= 1;  // its checksum
  EXPECT_EQ(decode({make_gzip_decoder}, damaged).error, Error::malformed_coding);
}

TEST(BodyDecoder, goes_on_with_the_next_member) {
  for (const std::size_t piece : {1u, 5u, 4096u}) {
    EXPECT_EQ(decode({make_gzip_decoder}, gzipped("one ") + gzipped("") + gzipped("two"), {piece, 3}).text,
              "one two");
    EXPECT_EQ(decode({make_zstd_decoder}, zstded("one ") + zstded("two"), {piece, 3}).text, "one two");
  }
  const std::string second = gzipped("two");
  EXPECT_EQ(decode({make_gzip_decoder}, gzipped("one ") + second.substr(0, second.size() - 1)).error,
            Error::body_truncated);
}

TEST(BodyDecoder, skips_a_little_of_what_stands_behind_the_data) {
  for (const Coding& coding : codings) {
    for (const std::size_t piece : {1u, 4096u}) {
      const Decoded got = decode({coding.make}, coding.encode("text") + std::string(512, '\0'), {piece, 64});
      EXPECT_FALSE(got.error) << coding.name << got.error.message();
      EXPECT_EQ(got.text, "text") << coding.name;
    }
    EXPECT_EQ(decode({coding.make}, coding.encode("text") + std::string(most_skipped + 1, '\0')).error,
              Error::malformed_coding)
        << coding.name;
  }
}

TEST(BodyDecoder, undoes_several_codings) {
  const std::string text = sample(300);
  const std::string bytes = gzipped(brotlied(zlibbed(zstded(text))));
  const std::vector<MakeDecoder> steps = {make_gzip_decoder, make_brotli_decoder, make_deflate_decoder,
                                          make_zstd_decoder};
  for (const Pieces& pieces : {Pieces{}, Pieces{1, 1}, Pieces{11, 5}}) {
    const Decoded got = decode(steps, bytes, pieces);
    EXPECT_FALSE(got.error) << got.error.message();
    EXPECT_TRUE(got.text == text);
  }
  EXPECT_EQ(decode({make_gzip_decoder, make_deflate_decoder}, gzipped(zlibbed(text).substr(0, 40))).error,
            Error::body_truncated);
  EXPECT_EQ(decode({make_gzip_decoder, make_deflate_decoder}, gzipped("?")).error, Error::malformed_coding);
}

TEST(BodyDecoder, waits_for_a_coding_that_is_long_without_output) {
  const std::string inner = zstded(sample(300));
  // The end of one member and the head of the next bring zstd nothing, byte for byte.
  const std::string half = inner.substr(0, inner.size() / 2), rest = inner.substr(half.size());
  const Decoded decoded =
      decode({make_gzip_decoder, make_zstd_decoder}, gzipped(half) + gzipped(rest), {1, 64});
  EXPECT_FALSE(decoded.error) << decoded.error.message();
  EXPECT_TRUE(decoded.text == sample(300));
}

TEST(BodyDecoder, stops_a_bomb_by_its_size_or_its_ratio) {
  const std::string zeros(32u << 20, '\0');
  for (const Coding& coding : codings) {
    const std::string bomb = coding.encode(zeros);
    const Decoded by_size = decode({coding.make}, bomb, {}, {.size = 100'000});
    EXPECT_EQ(by_size.error, Error::decoded_too_large) << coding.name;
    EXPECT_EQ(by_size.error, Condition::limit);
    EXPECT_LE(by_size.text.size(), 100'000u + (1 << 16)) << coding.name;
    const Decoded by_ratio = decode({coding.make}, bomb, {}, {.ratio = 100});
    EXPECT_EQ(by_ratio.error, Error::compression_ratio) << coding.name;
    EXPECT_LE(by_ratio.text.size(), std::max<std::size_t>(ratio_floor, bomb.size() * 100) + (1 << 16));
    EXPECT_FALSE(decode({coding.make}, bomb, {}, {.size = zeros.size()}).error) << coding.name;
  }
  EXPECT_FALSE(decode({make_gzip_decoder}, gzipped(zeros.substr(0, ratio_floor)), {}, {.ratio = 1}).error);
}

TEST(BodyDecoder, stops_what_swells_between_two_codings) {
  const std::string empty = gzipped("");
  std::string members;  // nothing comes out in the end
  while (members.size() < 8u << 20) members += empty;
  EXPECT_EQ(decode({make_gzip_decoder, make_gzip_decoder}, gzipped(members), {}, {.ratio = 20}).error,
            Error::compression_ratio);
}

TEST(BodyDecoder, refuses_a_window_of_more_than_8_mib) {
  const std::string text = sample(2000);
  EXPECT_EQ(decode({make_zstd_decoder}, zstded(text, 23)).text, text);
  EXPECT_EQ(decode({make_zstd_decoder}, zstded(text, 24)).error, Error::malformed_coding);
}

}  // namespace
}  // namespace headway::coding
