// SPDX-License-Identifier: BSL-1.0
#include "src/core/framing.hpp"

#include <gtest/gtest.h>

namespace headway::core {
namespace {

BodyFraming framing(int status, Headers headers, std::string_view method = "GET", int minor_version = 1) {
  ResponseHead head;
  head.status = status;
  head.minor_version = minor_version;
  head.headers = std::move(headers);
  return body_framing(method, head, FramingFields(head.headers));
}

void expect_error(const BodyFraming& framing, Error error) {
  ASSERT_TRUE(framing.error.has_value());
  EXPECT_EQ(*framing.error, error);
  EXPECT_EQ(framing.kind, Framing::none);
}

TEST(Framing, takes_a_content_length_as_the_body_s_size) {
  const BodyFraming f = framing(200, {{"content-LENGTH", "1234567890123"}});
  EXPECT_EQ(f.kind, Framing::length);
  EXPECT_EQ(f.length, 1234567890123U);
  EXPECT_FALSE(f.error);
}

TEST(Framing, knows_an_empty_body_by_its_length) {
  const BodyFraming f = framing(200, {{"Content-Length", "0"}});
  EXPECT_EQ(f.kind, Framing::length);
  EXPECT_EQ(f.length, 0U);
}

TEST(Framing, reads_until_the_server_closes_where_nothing_is_announced) {
  EXPECT_EQ(framing(200, {{"Content-Type", "text/plain"}}).kind, Framing::until_close);
}

TEST(Framing, knows_a_chunked_body_by_its_last_coding) {
  EXPECT_EQ(framing(200, {{"Transfer-Encoding", "chunked"}}).kind, Framing::chunked);
  EXPECT_EQ(framing(200, {{"transfer-encoding", " gzip ,\tCHUNKED "}}).kind, Framing::chunked);
  EXPECT_EQ(framing(200, {{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}).kind,
            Framing::chunked);
}

// pool rule 67
TEST(Framing, has_no_body_after_head_requests_and_bodyless_statuses_whatever_the_fields) {
  const Headers lying = {{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}};
  for (const int status : {200, 206, 404, 500}) {
    const BodyFraming f = framing(status, lying, "HEAD");
    EXPECT_EQ(f.kind, Framing::none);
    EXPECT_FALSE(f.error);
  }
  for (const int status : {100, 101, 102, 199, 304}) {
    const BodyFraming f = framing(status, lying);
    EXPECT_EQ(f.kind, Framing::none);
    EXPECT_FALSE(f.error);
  }
}

TEST(Framing, has_no_body_after_a_204_even_if_chunks_are_announced) {
  EXPECT_EQ(framing(204, {}).kind, Framing::none);
  EXPECT_EQ(framing(204, {{"Content-Length", "0"}}).kind, Framing::none);
  EXPECT_EQ(framing(204, {{"Transfer-Encoding", "chunked"}}).kind, Framing::none);
}

TEST(Framing, has_no_body_after_a_successful_connect) {
  EXPECT_EQ(framing(200, {{"Content-Length", "5"}}, "CONNECT").kind, Framing::none);
  EXPECT_EQ(framing(407, {{"Content-Length", "5"}}, "CONNECT").kind, Framing::length);
}

TEST(Framing, compares_the_method_with_its_case) {
  EXPECT_EQ(framing(200, {{"Content-Length", "5"}}, "head").kind, Framing::length);
}

// pool rule 68
TEST(Framing, refuses_a_length_where_there_can_be_no_body) {
  expect_error(framing(204, {{"Content-Length", "1"}}), Error::malformed_response);
  expect_error(framing(205, {{"Content-Length", "1"}}), Error::malformed_response);
}

TEST(Framing, lets_a_205_announce_its_emptiness_in_every_way_of_the_rfc) {
  EXPECT_EQ(framing(205, {{"Content-Length", "0"}}).kind, Framing::length);
  EXPECT_EQ(framing(205, {{"Transfer-Encoding", "chunked"}}).kind, Framing::chunked);
  EXPECT_EQ(framing(205, {}).kind, Framing::until_close);
}

// pool rule 69
TEST(Framing, refuses_content_length_beside_transfer_encoding) {
  expect_error(framing(200, {{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}),
               Error::ambiguous_framing);
  expect_error(framing(200, {{"Transfer-Encoding", "gzip"}, {"Content-Length", "5"}}),
               Error::ambiguous_framing);
}

// pool rule 69
TEST(Framing, refuses_more_than_one_content_length_even_if_they_agree) {
  expect_error(framing(200, {{"Content-Length", "5"}, {"Content-Length", "6"}}), Error::ambiguous_framing);
  expect_error(framing(200, {{"Content-Length", "5"}, {"content-length", "5"}}), Error::ambiguous_framing);
  expect_error(framing(200, {{"Content-Length", "5, 5"}}), Error::ambiguous_framing);
}

// pool rule 69
TEST(Framing, refuses_a_content_length_that_is_not_digits_alone) {
  for (const std::string_view value :
       {"", "+5", "-5", " 5", "5 ", "5 5", "0x5", "5a", "5.0", "five", "18446744073709551615",
        "18446744073709551616", "99999999999999999999999"}) {
    expect_error(framing(200, {{"Content-Length", value}}), Error::ambiguous_framing);
  }
}

// pool rule 69
TEST(Framing, reads_until_close_where_chunked_is_not_the_last_coding) {
  for (const std::string_view value :
       {"gzip", "chunked, gzip", "identity", "xchunked", "chunkedchunked", "chunked;q=1", "\"chunked\""}) {
    const BodyFraming f = framing(200, {{"Transfer-Encoding", value}});
    EXPECT_EQ(f.kind, Framing::until_close) << value;
    EXPECT_FALSE(f.error) << value;
  }
}

// pool rule 69
TEST(Framing, refuses_a_transfer_encoding_that_chunks_twice_or_names_nothing) {
  for (const std::string_view value : {"chunked, chunked", "chunked, gzip, chunked", "", " , "}) {
    expect_error(framing(200, {{"Transfer-Encoding", value}}), Error::ambiguous_framing);
  }
  expect_error(framing(200, {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}),
               Error::ambiguous_framing);
}

TEST(Framing, refuses_transfer_encoding_in_an_http_1_0_response) {
  expect_error(framing(200, {{"Transfer-Encoding", "chunked"}}, "GET", 0), Error::ambiguous_framing);
}

}  // namespace
}  // namespace headway::core
