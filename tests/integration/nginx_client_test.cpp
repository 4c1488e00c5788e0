// SPDX-License-Identifier: BSL-1.0

// The client against nginx: what nginx counts must be what the client believes.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class ClientOfNginx : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, ClientOfNginx, all_flavours(), flavour_name);

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return text;
}

TEST_P(ClientOfNginx, asks_a_hundred_times_over_one_connection) {  // pool rule 36, scenario 1
  Nginx nginx;
  Client client;
  for (int i = 0; i < 100; ++i) {
    const Outcome got = get(client, nginx.url());
    ASSERT_EQ(got.response.body, "hello\n");
    ASSERT_EQ(got.response.info.connection_reused, i > 0);
  }
  EXPECT_EQ(connection_count(nginx.access_log(100)), 1u);
}

TEST_P(ClientOfNginx, follows_its_limit_of_requests_for_a_connection) {  // scenarios 5 and 13
  Nginx nginx({.http_config = "keepalive_requests 5;"});
  Client client{{.retry_strategy = NeverRetry{}}};
  for (int i = 1; i <= 20; ++i) {
    const ExchangeInfo info = get(client, nginx.url()).response.info;
    EXPECT_EQ(info.attempts, 1);
    EXPECT_EQ(info.close_reason, i % 5 == 0 ? CloseReason::response_close : CloseReason::none);
  }
  const auto log = nginx.access_log(20);
  EXPECT_EQ(connection_count(log), 4u);
  for (const AccessLogEntry& entry : log) EXPECT_LE(entry.connection_requests, 5);
  EXPECT_TRUE(eventually([&] { return client.pool().stats().closing == 0; }));
}

TEST_P(ClientOfNginx, lets_it_close_first_when_nothing_is_kept) {
  Nginx nginx;
  Client client{{.reuse_strategy = NeverReuse{}}};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get(client, nginx.url()).response.body, "hello\n");
  EXPECT_EQ(connection_count(nginx.access_log(10)), 10u);
  EXPECT_TRUE(eventually([&] { return client.pool().stats().closing == 0; }));
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(ClientOfNginx, closes_before_its_keep_alive_time_is_over) {  // pool rule 38, scenarios 7 and 26
  Nginx nginx({.http_config = "keepalive_timeout 1s 1s;"});
  Client client;
  EXPECT_EQ(get(client, nginx.url()).response.headers["Keep-Alive"], "timeout=1");
  // The pool closes half a second before nginx would: had nginx been first, it would have been found stale.
  EXPECT_TRUE(eventually([&] { return client.pool().stats().available == 0; }));
  EXPECT_FALSE(get(client, nginx.url()).response.info.connection_reused);
}

TEST_P(ClientOfNginx, is_told_by_a_zero_keep_alive_time) {
  Nginx nginx({.http_config = "keepalive_timeout 0;"});
  Client client;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(get(client, nginx.url()).response.info.close_reason, CloseReason::response_close);
  }
  EXPECT_EQ(connection_count(nginx.access_log(3)), 3u);
}

TEST_P(ClientOfNginx, downloads_a_mebibyte) {
  Nginx nginx({.server_config = "location / {}"});
  const std::string content = pattern(1024 * 1024);
  nginx.write_file("large", content);
  Client client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(client, nginx.url("/large")).response.body, content);
  Opened opened = open(client, {.url = nginx.url("/large")});
  std::string body;
  EXPECT_FALSE(read_all(opened.stream, body, 10'000));
  EXPECT_EQ(body, content);
  EXPECT_EQ(connection_count(nginx.access_log(4)), 1u);
}

TEST_P(ClientOfNginx, downloads_as_much_as_it_may_keep_and_no_more) {  // scenario 98
  Nginx nginx({.server_config = "location / {}"});
  const std::size_t most = ResponseLimits().max_body_size;
  nginx.write_file("most", std::string(most, 'm'));
  nginx.write_file("more", std::string(most + 1, 'm'));
  Client client;
  EXPECT_EQ(get(client, nginx.url("/most")).response.body.size(), most);
  EXPECT_EQ(get(client, nginx.url("/more")).error, Error::body_too_large);
  EXPECT_TRUE(pool_is_whole(client));
  Opened stream = open(client, {.url = nginx.url("/more")});
  EXPECT_FALSE(drain(stream.stream));
}

TEST_P(ClientOfNginx, understands_its_chunks) {  // scenario 11
  Nginx nginx({.server_config = "location / { ssi on; ssi_types *; }"});
  const std::string content = pattern(300'000);
  nginx.write_file("page.html", content + "<!--# set var=\"a\" value=\"b\" --><!--# echo var=\"a\" -->");
  Client client;
  for (int i = 0; i < 3; ++i) {
    const Outcome got = get(client, nginx.url("/page.html"));
    EXPECT_EQ(got.response.headers["Transfer-Encoding"], "chunked");
    EXPECT_EQ(got.response.body, content + "b");
  }
  EXPECT_EQ(connection_count(nginx.access_log(3)), 1u);
}

TEST_P(ClientOfNginx, asks_for_heads_and_ranges_and_what_has_not_changed) {  // scenarios 84 and 86
  Nginx nginx({.server_config = "location / {}"});
  nginx.write_file("file", pattern(10'000));
  Client client;
  const Outcome head = ask(client, {.method = "HEAD", .url = nginx.url("/file")});
  EXPECT_EQ(head.response.headers["Content-Length"], "10000");
  EXPECT_EQ(head.response.body, "");
  const Outcome range = ask(client, {.url = nginx.url("/file"), .headers = {{"Range", "bytes=100-199"}}});
  EXPECT_EQ(range.response.status, 206);
  EXPECT_EQ(range.response.body, pattern(10'000).substr(100, 100));
  const std::string tag(head.response.headers["ETag"]);
  const Outcome same = ask(client, {.url = nginx.url("/file"), .headers = {{"If-None-Match", tag}}});
  EXPECT_EQ(same.response.status, 304);
  EXPECT_EQ(get(client, nginx.url("/none")).response.status, 404);
  EXPECT_EQ(connection_count(nginx.access_log(4)), 1u);
}

TEST_P(ClientOfNginx, uploads_what_is_sent_on_to_another_server) {  // scenario 104
  LoopbackServer behind(echo_body());
  Nginx nginx({.server_config = "client_max_body_size 0; location / { proxy_pass " + behind.url("") + "; }"});
  TemporaryDirectory directory;
  const std::string content = pattern(2'000'000);
  directory.write("file", content);
  Client client;
  for (const Body& body : {Body(content), Body::file(directory.path() / "file")}) {
    for (const ExpectContinue expect : {ExpectContinue::off, ExpectContinue::always}) {
      const Outcome got =
          ask(client,
              {.method = "POST", .url = nginx.url(), .body = body, .options = {.expect_continue = expect}});
      EXPECT_FALSE(got.error) << got.error.message();
      EXPECT_EQ(got.response.body, content);
      EXPECT_LT(got.response.info.timings.first_byte, 1s);  // its 100 was not waited for in vain
    }
  }
  EXPECT_EQ(connection_count(nginx.access_log(4)), 1u);
}

TEST_P(ClientOfNginx, is_told_early_that_an_upload_is_too_large) {  // pool rules 33 and 34, scenario 106
  Nginx nginx({.server_config = "client_max_body_size 1k; location / { return 200 'taken'; }"});
  Client client;
  const Outcome memory = ask(client, {.method = "POST", .url = nginx.url(), .body = pattern(30'000'000)});
  EXPECT_EQ(memory.response.status, 413) << memory.error.message();
  const auto endless = [](std::span<char> into, std::error_code&) { return into.size(); };
  const Outcome stream =
      ask(client, {.method = "POST", .url = nginx.url(), .body = Body::stream(endless, 30'000'000)});
  EXPECT_EQ(stream.response.status, 413) << stream.error.message();
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(get(client, nginx.url()).response.body, "taken");
}

}  // namespace
}  // namespace headway::testing
