// SPDX-License-Identifier: BSL-1.0
#pragma once

// Responses, honest and hostile, with what has to come out of them.

#include <headway/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::core {

struct Sample {
  std::string bytes;
  std::string body;
  std::string_view method = "GET";
};

inline const std::string ok = "HTTP/1.1 200 OK\r\n";
inline const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

inline const std::vector<Sample>& good_samples() {
  static const std::vector<Sample> samples = {
      {ok + "Content-Length: 5\r\n\r\nhello", "hello"},
      {ok + "Content-Length: 0\r\n\r\n", ""},
      {ok + "Content-Length: 005\r\n\r\nhello", "hello"},
      {ok + "Content-Length:5\r\n\r\nhello", "hello"},
      {ok + "Content-Length: \t5  \r\n\r\nhello", "hello"},
      {ok + "X:\r\nY: \r\nZ:  a  b \t\r\nContent-Length: 1\r\n\r\n!", "!"},
      {ok + "A: 1\r\na: 2\r\nA: \xc3\xa9\r\nContent-Length: 1\r\n\r\n!", "!"},
      {ok + "\r\nuntil the end\r\n", "until the end\r\n"},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", "hi"},
      {"HTTP/1.0 404 Not Found\r\n\r\ngone", "gone"},
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", ""},
      {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", ""},
      {"HTTP/1.1 999 Ganz \xc3\xbc"
       "bel\r\nContent-Length: 0\r\n\r\n",
       ""},
      {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", ""},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", ""},
      {ok + "Content-Length: 1000\r\n\r\n", "", "HEAD"},
      {ok + "Transfer-Encoding: chunked\r\n\r\n", "", "HEAD"},
      {ok + "Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 3\r\n\r\nabc", "abc"},
      {"HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", "hi"},
      {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\n" + ok +
           "Content-Length: 1\r\n\r\n1",
       "1"},
      {"HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", "hi"},
      {chunked + "5\r\nhello\r\n0\r\n\r\n", "hello"},
      {chunked + "0\r\n\r\n", ""},
      {chunked + "1\r\na\r\n2\r\nbc\r\nA\r\n0123456789\r\n00\r\n\r\n", "abc0123456789"},
      {chunked + "5;name=value\r\nhello\r\n0;last\r\n\r\n", "hello"},
      {chunked + "5;q=\"a b\"\r\nhello\r\n0\r\n\r\n", "hello"},
      {chunked + "3\r\n\r\n0\r\n0\r\n\r\n", "\r\n0"},
      {chunked + "00000000000000000000003\r\nabc\r\n0\r\n\r\n", "abc"},
      {chunked + "2\r\nhi\r\n0\r\nX-Sum: 1 \r\nx-sum: 2\r\nEmpty:\r\n\r\n", "hi"},
      {ok + "Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "hi"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + chunked +
           "1\r\na\r\n0\r\nT: t\r\n\r\n",
       "a"},
  };
  return samples;
}

struct BadSample {
  std::string bytes;
  Error error;
};

inline const std::vector<BadSample>& bad_heads() {
  static const std::string end = "\r\n\r\n";
  using namespace std::string_literals;
  static const std::vector<BadSample> samples = {
      // the status line
      {"\r\n" + ok + "\r\n", Error::malformed_response},
      {"\n" + ok + "\r\n", Error::malformed_response},
      {" " + ok + "\r\n", Error::malformed_response},
      {"X" + ok + "\r\n", Error::malformed_response},
      {"hello", Error::malformed_response},
      {"http/1.1 200 OK" + end, Error::malformed_response},
      {"HTTP/0.9 200 OK" + end, Error::malformed_response},
      {"HTTP/2.0 200 OK" + end, Error::malformed_response},
      {"HTTP/1.2 200 OK" + end, Error::malformed_response},
      {"HTTP/1.10 200 OK" + end, Error::malformed_response},
      {"HTTP/1.1 20 OK" + end, Error::malformed_response},
      {"HTTP/1.1 099 OK" + end, Error::malformed_response},
      {"HTTP/1.1 0200 OK" + end, Error::malformed_response},
      {"HTTP/1.1 2000 OK" + end, Error::malformed_response},
      {"HTTP/1.1 20x OK" + end, Error::malformed_response},
      {"HTTP/1.1  200 OK" + end, Error::malformed_response},
      {"HTTP/1.1 200\tOK" + end, Error::malformed_response},
      {"HTTP/1.1\r\n\r\n", Error::malformed_response},
      {"HTTP/1.1 2\r\nA: b" + end, Error::malformed_response},
      {"HTTP/1.1 2\r\nContent-Length: 5\r\nContent-Length: 6" + end, Error::malformed_response},
      {"HTTP/1.1 200 O\0K\r\n\r\n"s, Error::malformed_response},
      {"HTTP/1.1 200 O\x1bK" + end, Error::malformed_response},
      // line ends
      {"HTTP/1.1 200 OK\nA: b" + end, Error::malformed_response},
      {"HTTP/1.1 200 OK\rA: b" + end, Error::malformed_response},
      {ok + "A: b\nB: c" + end, Error::malformed_response},
      {ok + "A: b\rB: c" + end, Error::malformed_response},
      {ok + "A:\rB: c" + end, Error::malformed_response},
      {ok + "A: b\r\r\n\r\n", Error::malformed_response},
      {ok + "A: b\r\n\n", Error::malformed_response},
      {ok + "A: b\r\n\rX", Error::malformed_response},
      {ok + "\n", Error::malformed_response},
      // fields
      {ok + "A: b\r\n folded" + end, Error::malformed_response},
      {ok + "A:\r\n\tfolded" + end, Error::malformed_response},
      {ok + " A: b" + end, Error::malformed_response},
      {ok + "A : b" + end, Error::malformed_response},
      {ok + "A\t: b" + end, Error::malformed_response},
      {ok + "A B: c" + end, Error::malformed_response},
      {ok + ": b" + end, Error::malformed_response},
      {ok + "no colon" + end, Error::malformed_response},
      {ok + "A\xe9: b" + end, Error::malformed_response},
      {ok + "A: b\0c\r\n\r\n"s, Error::malformed_response},
      {ok + "A\0: b\r\n\r\n"s, Error::malformed_response},
      {ok + "A: b\x7f" + end, Error::malformed_response},
      // framing
      {ok + "Content-Length: +5" + end, Error::ambiguous_framing},
      {ok + "Content-Length: -5" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 5 5" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 5,5" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 0x5" + end, Error::ambiguous_framing},
      {ok + "Content-Length:" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 18446744073709551615" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 18446744073709551616" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 5\r\nContent-Length: 5" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 5\r\nContent-Length: 6" + end, Error::ambiguous_framing},
      {ok + "Content-Length: 5\r\nTransfer-Encoding: chunked" + end, Error::ambiguous_framing},
      {ok + "Transfer-Encoding: chunked\r\nContent-Length: 5" + end, Error::ambiguous_framing},
      {ok + "Transfer-Encoding: chunked, chunked" + end, Error::ambiguous_framing},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked" + end, Error::ambiguous_framing},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 5" + end, Error::malformed_response},
      {"HTTP/1.1 205 Reset\r\nContent-Length: 5" + end, Error::malformed_response},
      // behind an informational response
      {"HTTP/1.1 100 Continue\r\n\r\n\r\n" + ok + "\r\n", Error::malformed_response},
      {"HTTP/1.1 100 Continue\r\n\r\nhello", Error::malformed_response},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade" + end,
       Error::unexpected_upgrade},
  };
  return samples;
}

/// What comes behind the head of a chunked response.
inline const std::vector<std::string>& bad_chunks() {
  static const std::vector<std::string> samples = {"+5\r\nhello\r\n0\r\n\r\n",
                                                   "-5\r\nhello\r\n0\r\n\r\n",
                                                   "0x5\r\nhello\r\n0\r\n\r\n",
                                                   " 5\r\nhello\r\n0\r\n\r\n",
                                                   "5 \r\nhello\r\n0\r\n\r\n",
                                                   "5\t\r\nhello\r\n0\r\n\r\n",
                                                   "5 ;a=b\r\nhello\r\n0\r\n\r\n",
                                                   "5\nhello\r\n0\r\n\r\n",
                                                   "5\rXhello\r\n0\r\n\r\n",
                                                   "5;a=b\nhello\r\n0\r\n\r\n",
                                                   "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
                                                   "5;a=b\rX\r\nhello\r\n0\r\n\r\n",
                                                   "g\r\n",
                                                   "\r\n",
                                                   ";a\r\n",
                                                   "5\r\nhello0\r\n\r\n",
                                                   "5\r\nhello\n0\r\n\r\n",
                                                   "5\r\nhello\rX0\r\n\r\n",
                                                   "5\r\nhello\r\r\n0\r\n\r\n",
                                                   "5\r\nhello!\r\n0\r\n\r\n",
                                                   "5\r\nhello\r\n\r\n0\r\n\r\n",
                                                   "10000000000000000\r\n",
                                                   "fffffffffffffffff\r\n",
                                                   "0\n\r\n",
                                                   "0\r\n\n",
                                                   "0\r\n\rX",
                                                   "0\r\nA: b\n\r\n",
                                                   "0\r\nA: b\rB: c\r\n\r\n",
                                                   "0\r\nA: b\r\n folded\r\n\r\n",
                                                   "0\r\n: b\r\n\r\n",
                                                   "0\r\nA : b\r\n\r\n",
                                                   "0\r\nno colon\r\n\r\n",
                                                   "0\r\n A: b\r\n\r\n"};
  return samples;
}

}  // namespace headway::core
