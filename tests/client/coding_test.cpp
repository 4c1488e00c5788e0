// SPDX-License-Identifier: BSL-1.0

// Content codings as a caller sees them: what is asked for, what comes out, and that the connection is kept.

#include "tests/client/client_fixture.hpp"
#include "tests/coding/encode.hpp"

#include <headway/headway.hpp>

#include <array>
#include <cstdio>

namespace headway::testing {
namespace {

constexpr const char* all_codings = "gzip, deflate, br, zstd";

std::string chunked(const std::string& fields, std::string_view bytes, std::size_t piece = 7) {
  std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + fields + "\r\n";
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    std::array<char, 20> size;
    std::snprintf(size.data(), size.size(), "%zx\r\n", std::min(piece, bytes.size()));
    out.append(size.data()).append(bytes.substr(0, piece)).append("\r\n");
  }
  return out + "0\r\n\r\n";
}

std::string field(const std::string& coding) { return "Content-Encoding: " + coding + "\r\n"; }

class Coding : public ClientTest {
 protected:
  Handler answering(std::string bytes) {
    return keep_alive([this, bytes = std::move(bytes)](const ReceivedRequest& request) {
      seen_.add(request);
      return bytes;
    });
  }
  std::string asked() const {
    const ReceivedRequest last = seen_.last();
    return last.count("Accept-Encoding") > 0 ? std::string(*last.header("Accept-Encoding")) : "none";
  }
  Recorder seen_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, Coding, all_flavours(), flavour_name);

TEST_P(Coding, is_undone_for_each_that_is_known) {
  const std::string text(50'000, 'x');
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"gzip", gzipped(text)}, {"deflate", zlibbed(text)}, {"deflate", bare_deflated(text)},
      {"br", brotlied(text)},  {"zstd", zstded(text)},     {"deflate, gzip", gzipped(zlibbed(text))},
  };
  for (const auto& [coding, bytes] : bodies) {
    for (const std::string& answer : {response(200, bytes, field(coding)), chunked(field(coding), bytes)}) {
      LoopbackServer server(answering(answer));
      Client client;
      for (int i = 0; i < 2; ++i) {
        const Outcome got = get(client, server.url());
        ASSERT_FALSE(got.error) << coding << got.error.message();
        EXPECT_TRUE(got.response.body == text) << coding;
        EXPECT_EQ(got.response.info.decoded, coding);
        EXPECT_FALSE(got.response.headers.contains("Content-Encoding"));
        EXPECT_FALSE(got.response.headers.contains("Content-Length"));
      }
      EXPECT_EQ(asked(), all_codings);
      EXPECT_EQ(server.connections_accepted(), 1) << coding;
      EXPECT_TRUE(pool_is_whole(client));
    }
  }
}

TEST_P(Coding, is_undone_while_a_stream_is_read) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + ' ';
  LoopbackServer server(answering(chunked(field("gzip"), gzipped(text), 1000)));
  Client client;
  for (const std::size_t piece : {100u, 100'000u}) {
    Opened opened = open(client, {.url = server.url()});
    ASSERT_FALSE(opened.error) << opened.error.message();
    std::string body;
    EXPECT_FALSE(read_all(opened.stream, body, piece));
    EXPECT_TRUE(body == text);
  }
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Coding, gives_the_connection_back_although_chunks_go_on_behind_the_data) {  // pool scenario 4
  LoopbackServer server(answering(chunked(field("gzip"), gzipped("hello") + std::string(100, '\0'), 3)));
  Client client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(client, server.url()).response.body, "hello");
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(Coding, is_left_alone_where_the_library_did_not_ask) {
  const std::string bytes = gzipped("text");
  LoopbackServer server(answering(response(200, bytes, field("gzip"))));
  ClientOptions off;
  off.decoding = ContentDecoding::off;
  ClientOptions own;
  own.headers.add("Accept-Encoding", "gzip");
  Client usual, never(off), itself(own);
  Request request{.url = server.url()};
  const auto is_raw = [&](Client& client) {
    const Outcome got = ask(client, request);
    EXPECT_EQ(got.response.body, bytes) << asked();
    EXPECT_EQ(got.response.headers["Content-Encoding"], "gzip");
    EXPECT_EQ(got.response.info.decoded, "");
    return asked();
  };
  EXPECT_EQ(is_raw(never), "none");
  EXPECT_EQ(is_raw(itself), "gzip");
  request.options.decoding = ContentDecoding::off;
  EXPECT_EQ(is_raw(usual), "none");
  request.options.decoding = ContentDecoding::on;
  EXPECT_EQ(ask(never, request).response.body, "text");
  EXPECT_EQ(asked(), all_codings);
  EXPECT_EQ(ask(usual, request).response.body, "text");
  request.headers.add("Range", "bytes=0-9");
  EXPECT_EQ(is_raw(usual), "none");
  EXPECT_EQ(is_raw(never), "none");
  request.headers = {{"Accept-Encoding", "br"}};
  EXPECT_EQ(is_raw(usual), "br");
}

TEST_P(Coding, is_left_alone_and_visible_where_it_is_unknown_or_of_a_part) {
  const std::string bytes = gzipped("text");
  const std::vector<std::string> answers = {response(200, bytes, field("aes128gcm, gzip")),
                                            response(206, bytes, field("gzip"))};
  for (const std::string& answer : answers) {
    LoopbackServer server(answering(answer));
    Client client;
    const Outcome got = get(client, server.url());
    EXPECT_FALSE(got.error) << got.error.message();
    EXPECT_EQ(got.response.body, bytes);
    EXPECT_TRUE(got.response.headers.contains("Content-Encoding"));
    EXPECT_EQ(got.response.info.decoded, "");
  }
}

TEST_P(Coding, of_a_head_alone_changes_nothing) {
  LoopbackServer server(answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n"));
  Client client;
  const Outcome got = ask(client, {.method = "HEAD", .url = server.url()});
  EXPECT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.headers["Content-Length"], "30");
  EXPECT_EQ(got.response.headers["Content-Encoding"], "gzip");
}

TEST_P(Coding, that_is_broken_cut_off_or_too_much_is_an_error) {
  const std::string gzip = gzipped(std::string(100'000, 'x'));
  std::string cut = gzipped("text");
  cut.pop_back();
  const std::vector<std::pair<std::string, Error>> answers = {
      {response(200, "plain text", field("gzip")), Error::malformed_coding},
      {response(200, cut, field("gzip")), Error::body_truncated},
      {response(200, gzip, field("gzip")), Error::body_too_large},
      {response(200, "x", field("br, br, br, br, br")), Error::too_many_codings},
  };
  for (const auto& [answer, error] : answers) {
    LoopbackServer server(answering(answer));
    ClientOptions options;
    options.retry_strategy = NeverRetry{};
    Client client(options);
    Request request{.url = server.url()};
    request.options.max_body_size = 99'999;
    EXPECT_EQ(ask(client, request).error, error);
    EXPECT_TRUE(pool_is_whole(client));
  }
}

TEST_P(Coding, that_breaks_off_in_a_whole_body_is_not_asked_for_again) {
  std::string cut = gzipped("text");
  cut.pop_back();
  LoopbackServer server(answering(response(200, cut, field("gzip"))));
  ClientOptions options;
  options.retry_strategy = retry_at_once();
  Client client(options);
  EXPECT_EQ(get(client, server.url()).error, Error::body_truncated);
  EXPECT_EQ(server.requests_received(), 1);
}

TEST_P(Coding, of_a_bomb_ends_a_stream_too) {
  LoopbackServer server(answering(response(200, gzipped(std::string(8u << 20, '\0')), field("gzip"))));
  const auto end_of = [&](const ResponseLimits& limits) {
    ClientOptions options;
    options.limits = limits;
    Client client(options);
    Opened opened = open(client, {.url = server.url()});
    std::string body;
    const std::error_code ec = read_all(opened.stream, body);
    EXPECT_LE(body.size(), limits.max_decoded_size > 0 ? limits.max_decoded_size : 4100u << 10);
    EXPECT_TRUE(pool_is_whole(client));
    return ec;
  };
  EXPECT_EQ(end_of({.max_decoded_size = 1000}), Error::decoded_too_large);
  EXPECT_EQ(end_of({.max_decoding_ratio = 50}), Error::compression_ratio);
}

TEST_P(Coding, is_undone_behind_a_redirect) {
  LoopbackServer server(keep_alive([&](const ReceivedRequest& request) {
    seen_.add(request);
    if (request.target == "/go") return response(302, "", "Location: /there\r\n");
    return response(200, gzipped("there"), field("gzip"));
  }));
  Client client;
  EXPECT_EQ(get(client, server.url("/go")).response.body, "there");
  EXPECT_EQ(seen_.last().count("Accept-Encoding"), 1);
}

}  // namespace
}  // namespace headway::testing
