// SPDX-License-Identifier: BSL-1.0

#include <headway/reuse_strategy.hpp>

#include <gtest/gtest.h>

namespace headway {
namespace {

struct Case {
  const char* says;
  CloseReason reason;
  Headers response = {{"Content-Length", "3"}};
  int status = 200;
  int minor_version = 1;
  const char* method = "GET";
  Headers request = {};
};

void check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    const Request request{.method = c.method, .url = "http://h/", .headers = c.request};
    const ResponseHead head{.status = c.status, .minor_version = c.minor_version, .headers = c.response};
    EXPECT_EQ(explain(DefaultReuseStrategy{}(request, head)), explain(c.reason)) << c.says;
  }
}

constexpr CloseReason none = CloseReason::none;
constexpr CloseReason ambiguous = CloseReason::ambiguous_framing;
const Headers chunked = {{"Transfer-Encoding", "chunked"}};

TEST(DefaultReuseStrategy, closes_if_the_request_said_so) {
  constexpr CloseReason close = CloseReason::request_close;
  check({
      {"close", close, chunked, 200, 1, "GET", {{"Connection", "close"}}},
      {"any case", close, chunked, 200, 1, "GET", {{"connection", "CLOSE"}}},
      {"among others", close, chunked, 200, 1, "GET", {{"Connection", "x, close, y"}}},
      {"second field",
       close,
       chunked,
       200,
       1,
       "GET",
       {{"Connection", "x"}, {"A", "b"}, {"Connection", "close"}}},
      {"the response objects",
       close,
       {{"Content-Length", "0"}, {"Connection", "keep-alive"}},
       200,
       1,
       "GET",
       {{"Connection", "close"}}},
      {"HEAD", close, {}, 200, 1, "HEAD", {{"Connection", "close"}}},
      {"keep-alive", none, chunked, 200, 1, "GET", {{"Connection", "keep-alive"}}},
      {"closed is not close", none, chunked, 200, 1, "GET", {{"Connection", "closed"}}},
      {"another field", none, chunked, 200, 1, "GET", {{"X-Connection", "close"}}},
      {"Proxy-Connection", none, chunked, 200, 1, "GET", {{"Proxy-Connection", "close"}}},
  });
}

TEST(DefaultReuseStrategy, closes_if_the_request_has_two_framings) {
  const Headers both = {{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}};
  check({
      {"both", ambiguous, chunked, 200, 1, "POST", both},
      {"length alone", none, chunked, 200, 1, "POST", {{"Content-Length", "3"}}},
      {"chunked alone", none, chunked, 200, 1, "POST", chunked},
  });
}

TEST(DefaultReuseStrategy, keeps_only_what_delimits_itself) {
  check({
      {"length", none},
      {"length 0", none, {{"Content-Length", "0"}}},
      {"chunked", none, chunked},
      {"chunked in any case", none, {{"transfer-encoding", "CHUNKED"}}},
      {"nothing", CloseReason::close_delimited, {}},
      {"nothing, but keep-alive", CloseReason::close_delimited, {{"Connection", "keep-alive"}}},
      {"205 without length", CloseReason::close_delimited, {}, 205},
      {"two lengths", ambiguous, {{"Content-Length", "3"}, {"Content-Length", "4"}}},
      {"two equal lengths", ambiguous, {{"Content-Length", "3"}, {"Content-Length", "3"}}},
      {"length list", ambiguous, {{"Content-Length", "3, 3"}}},
      {"negative length", ambiguous, {{"Content-Length", "-3"}}},
      {"signed length", ambiguous, {{"Content-Length", "+3"}}},
      {"no number", ambiguous, {{"Content-Length", "three"}}},
      {"empty length", ambiguous, {{"Content-Length", ""}}},
      {"length and chunked", ambiguous, {{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}}},
      {"chunked and length", ambiguous, {{"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}}},
      {"other coding", CloseReason::close_delimited, {{"Transfer-Encoding", "gzip"}}},
      {"identity", CloseReason::close_delimited, {{"Transfer-Encoding", "identity"}}},
      {"empty coding", CloseReason::close_delimited, {{"Transfer-Encoding", ""}}},
      {"chain of codings", ambiguous, {{"Transfer-Encoding", "gzip, chunked"}}},
      {"wrong chain", ambiguous, {{"Transfer-Encoding", "chunked, gzip"}}},
      {"two codings", ambiguous, {{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}},
      {"chunked twice", ambiguous, {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}},
      {"parameter", CloseReason::close_delimited, {{"Transfer-Encoding", "chunked;x=y"}}},
  });
}

TEST(DefaultReuseStrategy, asks_no_framing_of_a_response_without_body) {
  check({
      {"HEAD", none, {}, 200, 1, "HEAD"},
      {"HEAD with length", none, {{"Content-Length", "3"}}, 200, 1, "HEAD"},
      {"HEAD, chunked", none, chunked, 200, 1, "HEAD"},
      {"304", none, {}, 304},
      {"304 with length", none, {{"Content-Length", "3"}}, 304},
      {"204", none, {}, 204},
      {"204 with length 0", none, {{"Content-Length", "0"}}, 204},
      {"204 with length 000", none, {{"Content-Length", "000"}}, 204},
      {"204 with no number", none, {{"Content-Length", "none"}}, 204},
      {"204 that announces a body", ambiguous, {{"Content-Length", "3"}}, 204},
      {"204 that announces a huge body", ambiguous, {{"Content-Length", "99999999999999999999999"}}, 204},
      {"204, chunked", ambiguous, chunked, 204},
      {"HEAD with both",
       ambiguous,
       {{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}},
       200,
       1,
       "HEAD"},
      {"head is not HEAD", CloseReason::close_delimited, {}, 200, 1, "head"},
  });
}

Headers with(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  Headers headers(fields);
  headers.add("Content-Length", "3");
  return headers;
}

TEST(DefaultReuseStrategy, keeps_http_11_unless_the_response_says_close) {
  constexpr CloseReason close = CloseReason::response_close;
  check({
      {"close", close, with({{"Connection", "close"}})},
      {"any case", close, with({{"CONNECTION", "Close"}})},
      {"among others", close, with({{"Connection", "yadda, cLOSe, dumdy"}})},
      {"second field", close, with({{"Connection", "yadda"}, {"Connection", "close"}})},
      {"close wins", close, with({{"Connection", "keep-alive, close"}})},
      {"close wins over another field", close, with({{"Connection", "close"}, {"Connection", "keep-alive"}})},
      {"close of a HEAD", close, with({{"Connection", "close"}}), 200, 1, "HEAD"},
      {"close of a 304", close, with({{"Connection", "close"}}), 304},
      {"keep-alive", none, with({{"Connection", "keep-alive"}})},
      {"unknown", none, with({{"Connection", "yadda, keep--alive"}})},
      {"empty", none, with({{"Connection", ""}})},
      {"5xx", none, with({}), 500},
      {"421", none, with({}), 421},
      {"408", CloseReason::strategy, with({}), 408},
      {"408 with keep-alive", CloseReason::strategy, with({{"Connection", "keep-alive"}}), 408},
  });
}

TEST(DefaultReuseStrategy, keeps_http_10_only_if_the_response_says_keep_alive_and_not_close) {
  check({
      {"silent", CloseReason::http10, with({}), 200, 0},
      {"keep-alive", none, with({{"Connection", "keep-alive"}}), 200, 0},
      {"any case", none, with({{"Connection", "Keep-ALIVE"}}), 200, 0},
      {"second field", none, with({{"Connection", "x"}, {"Connection", "keep-alive"}}), 200, 0},
      {"misspelt", CloseReason::http10, with({{"Connection", "keep--alive"}}), 200, 0},
      {"empty", CloseReason::http10, with({{"Connection", ""}}), 200, 0},
      {"close", CloseReason::response_close, with({{"Connection", "close"}}), 200, 0},
      {"both", CloseReason::response_close, with({{"Connection", "close, keep-alive"}}), 200, 0},
      {"both, the other way", CloseReason::response_close, with({{"Connection", "keep-alive, close"}}), 200,
       0},
      {"Keep-Alive alone", CloseReason::http10, with({{"Keep-Alive", "timeout=5"}}), 200, 0},
      {"chunked", ambiguous, {{"Transfer-Encoding", "chunked"}, {"Connection", "keep-alive"}}, 200, 0},
      {"chunked HEAD",
       ambiguous,
       {{"Transfer-Encoding", "chunked"}, {"Connection", "keep-alive"}},
       200,
       0,
       "HEAD"},
      {"no length", CloseReason::close_delimited, {{"Connection", "keep-alive"}}, 200, 0},
  });
}

TEST(DefaultReuseStrategy, heeds_proxy_connection_only_where_there_is_no_connection) {  // pool rule 32
  check({
      {"close", CloseReason::response_close, with({{"Proxy-Connection", "close"}})},
      {"keep-alive of 1.0", none, with({{"Proxy-Connection", "keep-alive"}}), 200, 0},
      {"beside unknown", none, with({{"Connection", "yadda"}, {"Proxy-Connection", "close"}})},
      {"beside empty", none, with({{"Proxy-Connection", "close"}, {"Connection", ""}})},
      {"beside unknown of 1.0", CloseReason::http10,
       with({{"Connection", "yadda"}, {"Proxy-Connection", "keep-alive"}}), 200, 0},
      {"close beside keep-alive", CloseReason::response_close,
       with({{"Connection", "close"}, {"Proxy-Connection", "keep-alive"}})},
  });
}

TEST(DefaultReuseStrategy, knows_when_it_is_no_more_http) {
  check({
      {"101", CloseReason::upgraded, {{"Connection", "upgrade"}}, 101},
      {"tunnel", none, {}, 200, 1, "CONNECT"},
      {"tunnel of 1.0", none, {}, 200, 0, "CONNECT"},
      {"refused tunnel", none, with({}), 407, 1, "CONNECT"},
      {"refused tunnel without length", CloseReason::close_delimited, {}, 407, 1, "CONNECT"},
  });
}

TEST(NeverReuse, keeps_nothing_and_can_be_recognised) {
  const ReuseStrategy never_reuse = NeverReuse{}, other = DefaultReuseStrategy{};
  EXPECT_EQ(never_reuse({}, {.status = 200, .headers = {{"Content-Length", "0"}}}),
            CloseReason::request_close);
  EXPECT_NE(never_reuse.target<NeverReuse>(), nullptr);
  EXPECT_EQ(other.target<NeverReuse>(), nullptr);
}

}  // namespace
}  // namespace headway
