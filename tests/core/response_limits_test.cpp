// SPDX-License-Identifier: BSL-1.0
#include "src/core/response_reader.hpp"
#include "tests/core/read_response.hpp"
#include "tests/core/response_corpus.hpp"

#include <gtest/gtest.h>

namespace headway::core {
namespace {

std::string fields(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "A: b\r\n";
  return text;
}

// pool rule 66
TEST(ResponseLimits, limits_the_bytes_of_a_head) {
  const std::string head = ok + "A: b\r\nContent-Length: 0\r\n\r\n";
  EXPECT_FALSE(read_whole(head, {.limits = {.head_bytes = head.size()}}).error);
  EXPECT_EQ(read_whole(head, {.limits = {.head_bytes = head.size() - 1}}).error, Error::head_too_large);
}

// pool rule 66
TEST(ResponseLimits, limits_a_status_line_and_a_field_that_never_end) {
  const ReadSetup setup{.limits = {.head_bytes = 100}};
  EXPECT_EQ(read_whole("HTTP/1.1 200 " + std::string(1000, 'x'), setup).error, Error::head_too_large);
  EXPECT_EQ(read_whole(ok + std::string(1000, 'x'), setup).error, Error::head_too_large);
  EXPECT_EQ(read_whole(ok + "A:" + std::string(1000, ' '), setup).error, Error::head_too_large);
}

// pool rule 66
TEST(ResponseLimits, limits_the_fields_of_a_head) {
  const ReadSetup setup{.limits = {.fields = 3}};
  EXPECT_EQ(read_whole(ok + fields(3) + "\r\n", setup).head.headers.size(), 3U);
  EXPECT_EQ(read_whole(ok + fields(4) + "\r\n", setup).error, Error::too_many_fields);
}

// pool rule 66
TEST(ResponseLimits, limits_the_number_of_informational_responses) {
  const std::string hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
  const std::string end = ok + "Content-Length: 0\r\n\r\n";
  const ReadSetup setup{.limits = {.informational = 2}};
  EXPECT_FALSE(read_whole(hint + hint + end, setup).error);
  EXPECT_EQ(read_whole(hint + hint + hint + end, setup).error, Error::too_many_informational);
}

// pool rule 66
TEST(ResponseLimits, limits_the_bytes_of_informational_responses_together) {
  const std::string hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
  const std::string end = ok + "Content-Length: 0\r\n\r\n";
  EXPECT_FALSE(read_whole(hint + hint + end, {.limits = {.head_bytes = 2 * hint.size()}}).error);
  EXPECT_EQ(read_whole(hint + hint + end, {.limits = {.head_bytes = 2 * hint.size() - 1}}).error,
            Error::head_too_large);
}

// pool rule 66
TEST(ResponseLimits, limits_the_bytes_and_fields_of_trailers) {
  const std::string start = chunked + "0\r\n";
  EXPECT_FALSE(read_whole(start + fields(12) + "\r\n", {.limits = {.head_bytes = 74}}).error);
  EXPECT_EQ(read_whole(start + fields(12) + "\r\n", {.limits = {.head_bytes = 73}}).error,
            Error::head_too_large);
  EXPECT_FALSE(read_whole(start + fields(3) + "\r\n", {.limits = {.fields = 3}}).error);
  EXPECT_EQ(read_whole(start + fields(4) + "\r\n", {.limits = {.fields = 3}}).error, Error::too_many_fields);
}

/// A chunk of 1 … 9 bytes whose line has `line` bytes.
std::string chunk_with_extension(std::size_t data, std::size_t line) {
  std::string text = std::to_string(data);
  text.append(";").append(line - 4, 'e').append("\r\n").append(data, 'x').append("\r\n");
  return text;
}

// pool rule 66
TEST(ResponseLimits, lets_a_chunk_line_spend_16_bytes_and_twice_its_data) {
  const ReadSetup setup{.limits = {.chunk_overhead = 2}};
  std::string honest = chunked;
  for (int i = 0; i < 100; ++i) honest += chunk_with_extension(1, 18) + chunk_with_extension(4, 17);
  EXPECT_FALSE(read_whole(honest + "0\r\n\r\n", setup).error);
}

// pool rule 66
TEST(ResponseLimits, adds_up_what_chunk_lines_spend_beyond) {
  const ReadSetup setup{.limits = {.chunk_overhead = 10}};
  const std::string two = chunk_with_extension(1, 23) + chunk_with_extension(1, 23);
  EXPECT_FALSE(read_whole(chunked + two + "0\r\n\r\n", setup).error);
  const ReadResult r = read_whole(chunked + two + chunk_with_extension(1, 19) + "0\r\n\r\n", setup);
  EXPECT_EQ(r.error, Error::chunk_overhead);
  EXPECT_EQ(r.body, "xx");
}

// pool rule 66
TEST(ResponseLimits, limits_the_line_of_a_chunk_however_much_data_it_promises) {
  const ReadSetup setup{.limits = {.chunk_overhead = 100}};
  const std::string promise = chunked + "ffffffffffffff;";
  EXPECT_EQ(read_whole(promise + std::string(200, 'e'), setup).error, Error::chunk_overhead);
  EXPECT_EQ(read_whole(chunked + std::string(200, '0'), setup).error, Error::chunk_overhead);
}

// pool rule 66
TEST(ResponseLimits, bounds_a_flood_of_tiny_chunks_by_their_data_alone) {
  std::string tiny = chunked;
  for (int i = 0; i < 5000; ++i) tiny += "1\r\nx\r\n";
  const ReadResult r = read_whole(tiny + "0\r\n\r\n", {.limits = {.chunk_overhead = 1}});
  EXPECT_FALSE(r.error);
  EXPECT_EQ(r.body, std::string(5000, 'x'));
}

// pool rule 66
TEST(ResponseLimits, counts_against_its_limits_anew_for_each_response) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  const std::string hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
  const std::string body = chunk_with_extension(1, 23) + "0\r\n\r\n";
  for (int i = 0; i < 3; ++i) {
    std::error_code ec;
    reader.begin("GET", {.head_bytes = chunked.size(), .informational = 1, .chunk_overhead = 7}, head,
                 trailers);
    EXPECT_EQ(reader.parse_head(hint + chunked, ec), hint.size() + chunked.size());
    EXPECT_EQ(reader.parse_body(body, ec).body, "x");
    EXPECT_FALSE(ec);
  }
}

}  // namespace
}  // namespace headway::core
