// SPDX-License-Identifier: BSL-1.0
#include "src/core/response_reader.hpp"
#include "tests/core/read_response.hpp"
#include "tests/core/response_corpus.hpp"

#include <gtest/gtest.h>

namespace headway::core {
namespace {

std::vector<Sample> all_samples() {
  std::vector<Sample> samples = good_samples();
  for (const BadSample& bad : bad_heads()) samples.push_back({bad.bytes, {}});
  for (const std::string& bad : bad_chunks()) samples.push_back({chunked + bad, {}});
  const auto good = good_samples().size();
  for (std::size_t i = 0; i < good; ++i) samples.push_back({samples[i].bytes + "HTTP/1.1 200", {}});
  return samples;
}

/// Limits that many samples run into, so that their errors are compared as well.
std::vector<ReadLimits> some_limits() {
  return {{},
          {.head_bytes = 40},
          {.head_bytes = 60},
          {.fields = 1},
          {.fields = 2},
          {.informational = 1},
          {.chunk_overhead = 1},
          {.head_bytes = 58, .fields = 2, .chunk_overhead = 4}};
}

TEST(ResponseSplit, comes_to_the_same_result_wherever_the_bytes_are_split) {
  for (const Sample& sample : all_samples()) {
    const std::string_view bytes = sample.bytes;
    for (const ReadLimits& limits : some_limits()) {
      const ReadSetup setup{.method = sample.method, .limits = limits};
      const ReadResult whole = read_whole(bytes, setup);
      for (std::size_t at = 0; at <= bytes.size(); ++at) {
        EXPECT_TRUE(read_pieces({bytes.substr(0, at), bytes.substr(at)}, setup) == whole)
            << bytes << "\nsplit at " << at;
      }
    }
  }
}

TEST(ResponseSplit, comes_to_the_same_result_byte_by_byte) {
  for (const Sample& sample : all_samples()) {
    std::vector<std::string_view> bytes;
    for (const char& byte : sample.bytes) bytes.emplace_back(&byte, 1);
    for (const ReadLimits& limits : some_limits()) {
      const ReadSetup setup{.method = sample.method, .limits = limits};
      EXPECT_TRUE(read_pieces(bytes, setup) == read_whole(sample.bytes, setup)) << sample.bytes;
    }
  }
}

TEST(ResponseSplit, starts_afresh_after_any_response_and_any_error) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  for (const Sample& sample : all_samples()) {
    std::error_code ec;
    reader.begin("GET", {}, head, trailers);
    const std::size_t taken = reader.parse_head(sample.bytes, ec);
    if (!ec && reader.head_done() && !reader.done()) {
      reader.parse_body(std::string_view(sample.bytes).substr(taken), ec);
    }
    ec.clear();
    reader.begin("GET", {}, head, trailers);
    EXPECT_EQ(reader.parse_head(ok + "A: b\r\nContent-Length: 0\r\n\r\n", ec), 44U) << sample.bytes;
    EXPECT_FALSE(ec) << sample.bytes;
    EXPECT_TRUE(reader.done());
    EXPECT_FALSE(reader.saw_continue());
    EXPECT_EQ(head.headers, (Headers{{"A", "b"}, {"Content-Length", "0"}}));
    EXPECT_TRUE(trailers.empty());
  }
}

TEST(ResponseSplit, starts_afresh_wherever_a_response_was_abandoned) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  const std::string body = "2\r\nhi\r\n0\r\nTrailer-Name: value\r\n\r\n";
  for (std::size_t size = 0; size <= chunked.size() + body.size(); ++size) {
    std::error_code ec;
    const std::string bytes = (chunked + body).substr(0, size);
    reader.begin("GET", {}, head, trailers);
    std::size_t at = reader.parse_head(bytes, ec);
    while (at < size) at += reader.parse_body(std::string_view(bytes).substr(at), ec).consumed;
    reader.begin("GET", {}, head, trailers);
    reader.parse_head(ok + "A: b\r\nContent-Length: 0\r\n\r\n", ec);
    EXPECT_FALSE(ec) << size;
    EXPECT_EQ(head.headers, (Headers{{"A", "b"}, {"Content-Length", "0"}})) << size;
  }
}

}  // namespace
}  // namespace headway::core
