// SPDX-License-Identifier: BSL-1.0
#include "src/core/request_writer.hpp"

#include <headway/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway::core {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

struct Written {
  std::string text;
  RequestFraming framing = RequestFraming::none;
  std::error_code ec;
  std::string detail;
};

Written write(Request request, const HeadFacts& facts = {}) {
  if (request.url.empty()) request.url = "http://example.test/";
  Written w;
  w.framing = write_head(request, RequestTarget(Url(request.url)), facts, w.text, w.ec, w.detail);
  return w;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(RequestWriter, writes_host_first_then_own_fields_then_what_the_library_adds) {
  const Written w =
      write({.url = "http://Example.test:8080/a/b?c=d#e", .headers = {{"X-One", "1"}, {"x-two", ""}}});
  EXPECT_FALSE(w.ec);
  EXPECT_THAT(w.text, MatchesRegex("GET /a/b\\?c=d HTTP/1.1\r\n"
                                   "Host: example.test:8080\r\n"
                                   "X-One: 1\r\n"
                                   "x-two: \r\n"
                                   "User-Agent: headway/[0-9]+.[0-9]+.[0-9]+\r\n"
                                   "Accept: \\*/\\*\r\n"
                                   "\r\n"));
  EXPECT_EQ(w.framing, RequestFraming::none);
}

TEST(RequestWriter, appends_to_what_is_there) {
  std::string out = "before|", detail;
  std::error_code ec;
  EXPECT_EQ(write_head({}, RequestTarget(Url("http://a.test/")), {}, out, ec, detail), RequestFraming::none);
  EXPECT_THAT(out, StartsWith("before|GET / HTTP/1.1\r\nHost: a.test\r\n"));
}

TEST(RequestWriter, knows_the_head_of_a_plain_get_beforehand) {
  for (const char* url : {"http://a.test", "https://[::1]:8443/b?c=d#e"}) {
    EXPECT_TRUE(is_plain_get({.url = url}, {}));
    EXPECT_EQ(RequestTarget(Url(url)).plain_get(), write({.url = url}).text);
  }
  EXPECT_FALSE(is_plain_get({}, {.close = true}));
  EXPECT_FALSE(is_plain_get({.method = "HEAD"}, {}));
  EXPECT_FALSE(is_plain_get({.headers = {{"A", "b"}}}, {}));
  EXPECT_FALSE(is_plain_get({.body = Body("")}, {}));
  EXPECT_FALSE(is_plain_get({.body = Body().with_content_type("text/plain")}, {}));
  EXPECT_FALSE(is_plain_get({.trailers = {{"A", "b"}}}, {}));
}

TEST(RequestWriter, lets_a_given_host_win_and_writes_it_first) {
  const Written w = write({.headers = {{"A", "b"}, {"hOST", "other.test"}}});
  EXPECT_THAT(w.text, StartsWith("GET / HTTP/1.1\r\nHost: other.test\r\nA: b\r\n"));
  EXPECT_EQ(count(w.text, "other.test"), 1U);
  EXPECT_EQ(count(w.text, "example.test"), 0U);
}

TEST(RequestWriter, asks_about_the_whole_server) {  // RFC 9112 section 3.2.4
  const Request options{
      .method = "OPTIONS", .url = "http://a.test:81/x?y", .options = {.scope = Scope::server}};
  EXPECT_THAT(write(options).text, StartsWith("OPTIONS * HTTP/1.1\r\nHost: a.test:81\r\n"));
  for (const char* url : {"http://a.test:81/x?y", "http://a.test:81", "http://a.test:81/?y"}) {
    Written w;
    const RequestTarget to_proxy(Url(url), TargetForm::absolute);
    static_cast<void>(write_head(options, to_proxy, {}, w.text, w.ec, w.detail));
    EXPECT_THAT(w.text, StartsWith("OPTIONS http://a.test:81 HTTP/1.1\r\nHost: a.test:81\r\n")) << url;
  }
}

TEST(RequestWriter, asks_about_the_whole_server_with_options_alone) {
  for (const char* method : {"GET", "HEAD", "options"}) {
    const Request request{.method = method, .options = {.scope = Scope::server}};
    EXPECT_FALSE(is_plain_get(request, {}));
    const Written w = write(request);
    EXPECT_EQ(w.ec, Error::invalid_option);
    EXPECT_EQ(w.detail, "options.scope");
    EXPECT_EQ(w.text, "");
  }
}

TEST(RequestWriter, adds_standing_fields_where_a_request_has_none_of_that_name) {
  StandingFields fields;
  fields.add("X-A", "1");
  fields.add("Content-Type", "text/plain");
  const RequestTarget target(Url("http://a.test/"), TargetForm::origin, fields);
  EXPECT_EQ(target.plain_get(),
            "GET / HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\nContent-Type: text/plain\r\n\r\n");
  Written w;
  const Request own{.method = "POST", .headers = {{"x-a", "own"}}, .body = Body::json("{}")};
  static_cast<void>(
      write_head(own, target, {.body_length = 2, .added_fields = "X-B: 2\r\n"}, w.text, w.ec, w.detail));
  EXPECT_EQ(w.text,
            "POST / HTTP/1.1\r\nHost: a.test\r\nx-a: own\r\nX-B: 2\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(RequestWriter, refuses_a_second_host) {
  const Written w = write({.headers = {{"Host", "a.test"}, {"host", "b.test"}}});
  EXPECT_EQ(w.ec, Error::invalid_header);
  EXPECT_EQ(w.detail, "header \"host\"");
}

TEST(RequestWriter, adds_nothing_that_the_request_has_already) {
  const Written w =
      write({.method = "POST",
             .headers = {{"user-agent", "mine"}, {"ACCEPT", "text/plain"}, {"content-type", "x/y"}},
             .body = Body::json("{}")},
            {.body_length = 2});
  EXPECT_THAT(w.text, Not(HasSubstr("headway")));
  EXPECT_THAT(w.text, Not(HasSubstr("*/*")));
  EXPECT_THAT(w.text, Not(HasSubstr("application/json")));
}

TEST(RequestWriter, announces_a_body_of_known_length) {
  const Written w = write({.method = "PUT", .body = "hello"}, {.body_length = 5});
  EXPECT_EQ(w.framing, RequestFraming::length);
  EXPECT_THAT(w.text, EndsWith("\r\nContent-Length: 5\r\n\r\n"));
}

TEST(RequestWriter, writes_the_longest_length_there_is) {
  const Written w = write({.method = "PUT", .body = "x"}, {.body_length = UINT64_MAX});
  EXPECT_THAT(w.text, HasSubstr("Content-Length: 18446744073709551615\r\n"));
}

TEST(RequestWriter, names_the_body_s_content_type) {
  const Written w = write({.method = "POST", .body = Body::json("{}")}, {.body_length = 2});
  EXPECT_EQ(count(w.text, "Content-Type: application/json\r\n"), 1U);
}

TEST(RequestWriter, chunks_a_body_of_unknown_length) {
  const Written w = write({.method = "POST", .body = "streamed"});
  EXPECT_EQ(w.framing, RequestFraming::chunked);
  EXPECT_THAT(w.text, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(w.text, Not(HasSubstr("Content-Length")));
}

TEST(RequestWriter, chunks_any_request_with_trailers_and_names_them) {
  const Written w = write({.method = "POST", .body = "hello", .trailers = {{"X-Sum", "1"}, {"X-Time", "2"}}},
                          {.body_length = 5});
  EXPECT_EQ(w.framing, RequestFraming::chunked);
  EXPECT_THAT(w.text, HasSubstr("Transfer-Encoding: chunked\r\nTrailer: X-Sum, X-Time\r\n"));
  EXPECT_THAT(w.text, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(write({.trailers = {{"X-Sum", "1"}}}).framing, RequestFraming::chunked);
}

TEST(RequestWriter, announces_an_empty_body_where_the_method_expects_one) {
  for (const char* method : {"POST", "PUT", "PATCH"}) {
    const Written w = write({.method = method});
    EXPECT_THAT(w.text, HasSubstr("Content-Length: 0\r\n")) << method;
    EXPECT_EQ(w.framing, RequestFraming::none);
  }
  for (const char* method : {"GET", "HEAD", "DELETE", "OPTIONS"}) {
    EXPECT_THAT(write({.method = method}).text, Not(HasSubstr("Content-Length"))) << method;
  }
}

TEST(RequestWriter, expects_a_100_only_where_content_follows) {
  const RequestOptions waits{.expect_continue = ExpectContinue::always};
  const std::string expect = "Expect: 100-continue\r\n";
  EXPECT_THAT(write({.method = "POST", .body = "x", .options = waits}, {.body_length = 1}).text,
              HasSubstr(expect));
  EXPECT_THAT(write({.method = "POST", .body = "x", .options = waits}).text, HasSubstr(expect));
  EXPECT_THAT(write({.method = "POST", .body = "", .options = waits}, {.body_length = 0}).text,
              Not(HasSubstr("Expect")));
  EXPECT_THAT(write({.method = "POST", .options = waits}).text, Not(HasSubstr("Expect")));
  EXPECT_THAT(write({.method = "POST", .body = "x"}, {.body_length = 1}).text, Not(HasSubstr("Expect")));
}

TEST(RequestWriter, asks_for_close_exactly_once) {
  const HeadFacts close{.close = true};
  for (const Headers& headers :
       {Headers{}, Headers{{"Connection", "close"}},
        Headers{{"connection", "Close"}, {"Connection", "close"}}, Headers{{"Connection", "keep-alive"}},
        Headers{{"Connection", "TE"}, {"TE", "trailers"}}}) {
    const Written w = write({.headers = headers}, close);
    EXPECT_EQ(count(w.text, "close") + count(w.text, "Close"), 1U) << w.text;
    EXPECT_EQ(count(w.text, "keep-alive"), 0U) << w.text;
  }
  EXPECT_EQ(count(write({}).text, "onnection"), 0U);
  EXPECT_EQ(count(write({.headers = {{"Connection", "close"}, {"Connection", "close"}}}).text, "close"), 1U);
}

TEST(RequestWriter, passes_other_connection_options_on) {
  EXPECT_THAT(write({.headers = {{"Connection", "keep-alive"}}}).text,
              HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_THAT(write({.headers = {{"Connection", "TE, close"}}}, {.close = true}).text,
              HasSubstr("Connection: TE, close\r\n"));
}

// pool rule 72
TEST(RequestWriter, refuses_a_method_that_is_no_token) {
  for (const char* method : {"", "GE T", "GET\r\nX: y", "G\tT", "GET/", "CONNECT", "G\xc3\x89T"}) {
    const Written w = write({.method = method});
    EXPECT_EQ(w.ec, Error::invalid_method) << method;
    EXPECT_EQ(w.text, "");
  }
  EXPECT_EQ(write({.method = "GE T"}).detail, "method \"GE T\"");
}

// pool rule 72
TEST(RequestWriter, refuses_a_name_that_is_no_token_and_leaves_the_output_as_it_was) {
  for (const char* name : {"", "X Y", " X", "X:", "X\r\nY", "X\n", "X\r", "(X)", "X\xc3\xa9"}) {
    Request request{.url = "http://a.test/", .headers = {{"A", "b"}, {name, "value"}}};
    std::string out = "before", detail;
    std::error_code ec;
    static_cast<void>(write_head(request, RequestTarget(Url(request.url)), {}, out, ec, detail));
    EXPECT_EQ(ec, Error::invalid_header) << name;
    EXPECT_EQ(out, "before");
  }
  EXPECT_EQ(write({.headers = {{"X Y", "z"}}}).detail, "header \"X Y\"");
}

// pool rule 72
TEST(RequestWriter, refuses_cr_lf_and_nul_in_values_and_tells_the_name_alone) {
  using namespace std::string_view_literals;
  for (const std::string_view bad : {"secret\r"sv, "secret\n"sv, "secret\r\nX: y"sv, "secret\0"sv}) {
    for (const char* name : {"Authorization", "Host", "Connection"}) {
      const Written w = write({.headers = {{name, bad}}});
      EXPECT_EQ(w.ec, Error::invalid_header);
      EXPECT_EQ(w.detail, "header \"" + std::string(name) + "\"");
      EXPECT_EQ(w.text, "");
    }
    EXPECT_EQ(write({.trailers = {{"X-Sum", bad}}}).detail, "trailer \"X-Sum\"");
    EXPECT_EQ(write({.method = "POST", .body = Body("x").with_content_type(std::string(bad))}).detail,
              "header \"Content-Type\"");
  }
}

// pool rule 72
TEST(RequestWriter, keeps_its_error_text_on_one_line) {
  EXPECT_EQ(write({.headers = {{"X\r\nY\x7f", "z"}}}).detail, "header \"X??Y?\"");
  EXPECT_EQ(write({.method = "GET /\r\n"}).detail, "method \"GET /??\"");
}

TEST(RequestWriter, refuses_the_fields_that_are_its_own_to_write) {
  for (const char* name : {"Content-Length", "content-length", "Transfer-Encoding", "TRANSFER-ENCODING",
                           "Expect", "expect", "Trailer", "traileR"}) {
    const Written w = write({.headers = {{name, "1"}}});
    EXPECT_EQ(w.ec, Error::invalid_header) << name;
    EXPECT_EQ(w.detail, "header \"" + std::string(name) + "\"");
  }
}

TEST(RequestWriter, refuses_trailers_that_frame_route_or_authenticate) {
  for (const char* name : {"Content-Length", "transfer-encoding", "Host", "Trailer", "Connection", "TE",
                           "Upgrade", "Authorization", "Content-Type", "Cookie", "bad name"}) {
    const Written w = write({.trailers = {{"X-Good", "1"}, {name, "1"}}});
    EXPECT_EQ(w.ec, Error::invalid_header) << name;
    EXPECT_EQ(w.detail, "trailer \"" + std::string(name) + "\"");
    EXPECT_EQ(w.text, "");
  }
}

TEST(RequestWriter, clears_an_error_left_from_before) {
  std::string out, detail;
  std::error_code ec = Error::invalid_header;
  EXPECT_EQ(write_head({}, RequestTarget(Url("http://a.test/")), {}, out, ec, detail), RequestFraming::none);
  EXPECT_FALSE(ec);
}

TEST(RequestWriter, frames_chunks_in_hexadecimal) {
  std::string out;
  write_chunk_size(1, out);
  write_chunk_size(255, out);
  write_chunk_size(0x10000, out);
  EXPECT_EQ(out, "1\r\nff\r\n10000\r\n");
}

TEST(RequestWriter, ends_a_chunked_body_with_its_trailers) {
  std::string out;
  write_last_chunk({}, out);
  EXPECT_EQ(out, "0\r\n\r\n");
  out.clear();
  write_last_chunk({{"X-Sum", "1"}, {"X-Time", ""}}, out);
  EXPECT_EQ(out, "0\r\nX-Sum: 1\r\nX-Time: \r\n\r\n");
}

}  // namespace
}  // namespace headway::core
