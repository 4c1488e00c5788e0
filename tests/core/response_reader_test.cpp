// SPDX-License-Identifier: BSL-1.0
#include "src/core/response_reader.hpp"

#include "tests/core/read_response.hpp"
#include "tests/core/response_corpus.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace headway::core {
namespace {

TEST(ResponseReader, reads_status_line_and_fields_in_their_order) {
  const ReadResult r =
      read_whole("HTTP/1.1 404 Not Found\r\nA: 1\r\nb:  2 \t\r\nA:\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_FALSE(r.error);
  EXPECT_EQ(r.head.status, 404);
  EXPECT_EQ(r.head.reason, "Not Found");
  EXPECT_EQ(r.head.minor_version, 1);
  EXPECT_EQ(r.head.headers, (Headers{{"A", "1"}, {"b", "2"}, {"A", ""}, {"Content-Length", "2"}}));
  EXPECT_EQ(r.body, "hi");
}

TEST(ResponseReader, tells_http_1_0_from_http_1_1) {
  EXPECT_EQ(read_whole("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").head.minor_version, 0);
}

TEST(ResponseReader, reads_every_good_sample_to_its_end_and_no_further) {
  for (const Sample& sample : good_samples()) {
    const ReadResult r = read_whole(sample.bytes, {.method = sample.method});
    EXPECT_FALSE(r.error) << sample.bytes << r.error;
    EXPECT_FALSE(r.at_close) << sample.bytes << r.at_close;
    EXPECT_TRUE(r.done) << sample.bytes;
    EXPECT_EQ(r.body, sample.body) << sample.bytes;
    EXPECT_EQ(r.consumed, sample.bytes.size()) << sample.bytes;
    if (r.framing == Framing::until_close) continue;
    const ReadResult with_surplus = read_whole(sample.bytes + "\r\n" + ok, {.method = sample.method});
    EXPECT_TRUE(with_surplus == r) << sample.bytes;
  }
}

TEST(ResponseReader, refuses_every_bad_head_with_its_error) {
  for (const BadSample& sample : bad_heads()) {
    const ReadResult r = read_whole(sample.bytes);
    EXPECT_EQ(r.error, sample.error) << sample.bytes;
    EXPECT_FALSE(r.head_done) << sample.bytes;
  }
}

TEST(ResponseReader, refuses_a_wrong_first_byte_without_waiting_for_more) {
  for (const std::string_view byte : {"\r", "\n", " ", "h", "I"}) {
    EXPECT_EQ(read_whole(byte).error, Error::malformed_response) << byte;
    EXPECT_EQ(read_whole("HTTP/1.1 100 Continue\r\n\r\n" + std::string(byte)).error,
              Error::malformed_response);
  }
}

TEST(ResponseReader, refuses_every_bad_chunk_and_trailer) {
  for (const std::string& sample : bad_chunks()) {
    const ReadResult r = read_whole(chunked + sample);
    EXPECT_EQ(r.error, Error::malformed_response) << sample;
    EXPECT_FALSE(r.done) << sample;
  }
}

// pool rule 67
TEST(ResponseReader, ends_with_the_head_where_there_is_no_body) {
  const std::string lying = "Content-Length: 5\r\n\r\nhello";
  const ReadResult head = read_whole(ok + lying, {.method = "HEAD"});
  EXPECT_TRUE(head.done);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.consumed, ok.size() + lying.size() - 5);
  EXPECT_EQ(read_whole("HTTP/1.1 304 Not Modified\r\n" + lying).body, "");
  const ReadResult chunks =
      read_whole("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_TRUE(chunks.done);
  EXPECT_EQ(chunks.consumed, 55U);
}

// pool rule 67
TEST(ResponseReader, skips_informational_responses_whatever_they_announce) {
  for (const std::string_view status : {"100 Continue", "102 Processing", "103 Early Hints", "199 Odd"}) {
    const ReadResult r = read_whole("HTTP/1.1 " + std::string(status) +
                                    "\r\nContent-Length: 100\r\nConnection: close\r\nX: y\r\n\r\n" + ok +
                                    "Content-Length: 2\r\n\r\nhi");
    EXPECT_FALSE(r.error) << status;
    EXPECT_EQ(r.head.status, 200);
    EXPECT_EQ(r.head.reason, "OK");
    EXPECT_EQ(r.head.headers, (Headers{{"Content-Length", "2"}}));
    EXPECT_EQ(r.body, "hi");
    EXPECT_EQ(r.saw_continue, status == "100 Continue");
  }
}

// pool rule 68
TEST(ResponseReader, refuses_a_body_announced_with_204_or_205) {
  EXPECT_EQ(read_whole("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello").error,
            Error::malformed_response);
  EXPECT_EQ(read_whole("HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nhello").error,
            Error::malformed_response);
}

// pool rule 69
TEST(ResponseReader, gives_an_oddly_coded_body_undecoded_and_only_until_close) {
  const ReadResult r = read_whole(ok + "Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  EXPECT_FALSE(r.error);
  EXPECT_EQ(r.framing, Framing::until_close);
  EXPECT_EQ(r.body, "5\r\nhello\r\n0\r\n\r\n");
}

// pool rule 70
TEST(ResponseReader, calls_a_body_cut_short_truncated) {
  const std::string sized = ok + "Content-Length: 5\r\n\r\n";
  EXPECT_EQ(read_whole(sized + "hell").at_close, Error::body_truncated);
  EXPECT_EQ(read_whole(sized).at_close, Error::body_truncated);
  const std::string body = "5\r\nhello\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < body.size(); ++size) {
    const ReadResult r = read_whole(chunked + body.substr(0, size));
    EXPECT_FALSE(r.error);
    EXPECT_FALSE(r.done);
    EXPECT_EQ(r.at_close, Error::body_truncated) << size;
  }
}

TEST(ResponseReader, completes_a_close_delimited_body_when_the_server_closes) {
  const ReadResult r = read_whole(ok + "\r\nall of it");
  EXPECT_TRUE(r.done);
  EXPECT_FALSE(r.at_close);
  EXPECT_EQ(r.body, "all of it");
}

TEST(ResponseReader, tells_silence_from_a_broken_head_when_the_server_closes) {
  EXPECT_EQ(read_whole("").at_close, Error::connection_closed);
  EXPECT_EQ(read_whole("H").at_close, Error::malformed_response);
  EXPECT_EQ(read_whole(ok + "A: b\r\n").at_close, Error::malformed_response);
  EXPECT_EQ(read_whole("HTTP/1.1 100 Continue\r\n\r\n").at_close, Error::malformed_response);
}

// pool rule 71
TEST(ResponseReader, keeps_trailers_apart_from_headers) {
  const ReadResult r =
      read_whole(ok + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\n" +
                 "X-Sum: 1\r\nContent-Type: forged\r\nx-sum: 2\r\n\r\n");
  EXPECT_FALSE(r.error);
  EXPECT_EQ(r.head.headers, (Headers{{"Transfer-Encoding", "chunked"}, {"Trailer", "X-Sum"}}));
  EXPECT_EQ(r.trailers, (Headers{{"X-Sum", "1"}, {"Content-Type", "forged"}, {"x-sum", "2"}}));
}

TEST(ResponseReader, does_not_frame_by_what_trailers_say) {
  const ReadResult r = read_whole(chunked + "2\r\nhi\r\n0\r\nContent-Length: 9\r\n\r\nmore");
  EXPECT_FALSE(r.error);
  EXPECT_TRUE(r.done);
  EXPECT_EQ(r.body, "hi");
  EXPECT_EQ(r.trailers["Content-Length"], "9");
}

// pool rule 73: each of these passes with one of llhttp's lenient flags, or without its strict mode.
TEST(ResponseReader, has_no_lenient_flag_of_its_parser_on) {
  for (const std::string& lenient : {
           ok + "A: b\x01\r\n\r\n",                                                  // headers
           ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",  // chunked length
           std::string("HTTP/1.7 200 OK\r\n\r\n"),                                   // version
           chunked + "5\r\nhelloXX0\r\n\r\n",                                        // strict mode
       }) {
    EXPECT_TRUE(read_whole(lenient).error) << lenient;
  }
}

TEST(ResponseReader, takes_a_101_as_final_only_where_an_upgrade_was_asked_for) {
  const std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
  EXPECT_EQ(read_whole(head + "tunnel").error, Error::unexpected_upgrade);
  const ReadResult r = read_whole(head + "tunnel", {.upgrade_ok = true});
  EXPECT_FALSE(r.error);
  EXPECT_FALSE(r.at_close);  // what comes behind it ends with the connection
  EXPECT_TRUE(r.done);
  EXPECT_EQ(r.head.status, 101);
  EXPECT_EQ(r.body, "tunnel");
}

TEST(ResponseReader, gives_one_piece_for_each_chunk_within_the_given_bytes) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::error_code ec;
  reader.begin("GET", {}, head, trailers);
  reader.parse_head(chunked, ec);
  const std::string_view bytes = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nsurplus";
  const ResponseReader::Piece first = reader.parse_body(bytes, ec);
  EXPECT_EQ(first.body, "abc");
  EXPECT_EQ(first.body.data(), bytes.data() + 3);
  EXPECT_EQ(first.consumed, 6U);
  const ResponseReader::Piece second = reader.parse_body(bytes.substr(6), ec);
  EXPECT_EQ(second.body, "de");
  const ResponseReader::Piece last = reader.parse_body(bytes.substr(6 + second.consumed), ec);
  EXPECT_EQ(last.body, "");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(bytes.substr(6 + second.consumed + last.consumed), "surplus");
}

TEST(ResponseReader, counts_down_a_body_that_is_received_elsewhere) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::error_code ec;
  reader.begin("GET", {}, head, trailers);
  reader.parse_head(ok + "Content-Length: 10\r\n\r\n", ec);
  EXPECT_EQ(reader.raw_remaining(), 10U);
  reader.took_raw(4);
  EXPECT_EQ(reader.raw_remaining(), 6U);
  EXPECT_EQ(reader.parse_body("abcdefgh", ec).body, "abcdef");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.raw_remaining(), 0U);
}

TEST(ResponseReader, has_no_end_of_raw_bytes_before_the_server_closes_and_none_in_chunks) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::error_code ec;
  reader.begin("GET", {}, head, trailers);
  reader.parse_head(ok + "\r\n", ec);
  reader.took_raw(1000);
  EXPECT_EQ(reader.raw_remaining(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_FALSE(reader.done());
  reader.begin("GET", {}, head, trailers);
  reader.parse_head(chunked, ec);
  EXPECT_EQ(reader.raw_remaining(), 0U);
}

TEST(ResponseReader, remembers_that_bytes_came) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::error_code ec;
  reader.begin("GET", {}, head, trailers);
  reader.parse_head("", ec);
  EXPECT_FALSE(reader.saw_bytes());
  reader.parse_head("HTTP/1.1 100 Continue\r\n\r\n", ec);
  EXPECT_TRUE(reader.saw_bytes());
  EXPECT_TRUE(reader.saw_continue());
  EXPECT_FALSE(reader.head_done());
}

TEST(ResponseReader, can_be_moved_in_the_middle_of_a_response) {
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::error_code ec;
  reader.begin("GET", {}, head, trailers);
  reader.parse_head("HTTP/1.1 200 OK\r\nTransfer-Enc", ec);
  ResponseReader moved = std::move(reader);
  moved.parse_head("oding: chunked\r\n\r\n", ec);
  EXPECT_EQ(moved.parse_body("2\r\nhi\r\n", ec).body, "hi");
  EXPECT_FALSE(ec);
}

}  // namespace
}  // namespace headway::core
