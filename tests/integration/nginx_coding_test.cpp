// SPDX-License-Identifier: BSL-1.0

// What nginx compresses by itself, in chunks, and with whatever it has been built.

#include "tests/client/client_fixture.hpp"
#include "tests/coding/encode_zlib.hpp"
#include "tests/support/nginx.hpp"

#include <headway/headway.hpp>

#include <filesystem>

namespace headway::testing {
namespace {

class CodingsOfNginx : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, CodingsOfNginx, all_flavours(), flavour_name);

std::string large_text() {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "line " + std::to_string(i) + '\n';
  return text;
}

TEST_P(CodingsOfNginx, are_undone_and_the_connection_is_kept) {
  NginxOptions options;
  options.server_config = "gzip on; gzip_types *; gzip_min_length 1; gzip_vary on;";
  Nginx nginx(options);
  const std::string text = large_text();
  nginx.write_file("text.txt", text);
  Client client;
  for (int i = 0; i < 3; ++i) {
    const Outcome got = get(client, nginx.url("/text.txt"));
    ASSERT_FALSE(got.error) << got.error.message();
    EXPECT_TRUE(got.response.body == text);
    EXPECT_EQ(got.response.info.decoded, "gzip");
  }
  const Outcome part = ask(client, {.url = nginx.url("/text.txt"), .headers = {{"Range", "bytes=5-9"}}});
  EXPECT_EQ(part.response.status, 206);
  EXPECT_EQ(part.response.body, text.substr(5, 5));
  const Outcome head = ask(client, {.method = "HEAD", .url = nginx.url("/text.txt")});
  EXPECT_EQ(head.response.status, 200);
  EXPECT_EQ(connection_count(nginx.access_log(5)), 1u);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(CodingsOfNginx, are_undone_where_a_file_is_compressed_already) {
  Nginx nginx({.server_config = "gzip_static on;"});
  const std::string text = large_text(), compressed = gzipped(text);
  nginx.write_file("text.txt", text);
  nginx.write_file("text.txt.gz", compressed);
  Client client;
  const Outcome got = get(client, nginx.url("/text.txt"));
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_TRUE(got.response.body == text);
  EXPECT_EQ(got.response.info.decoded, "gzip");
  Request as_it_is{.url = nginx.url("/text.txt"), .headers = {{"Accept-Encoding", "gzip"}}};
  EXPECT_TRUE(ask(client, as_it_is).response.body == compressed);
}

#if HEADWAY_HAS_BROTLI

TEST_P(CodingsOfNginx, are_brotli_where_it_has_that) {
  const std::filesystem::path module = "/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so";
  if (!std::filesystem::exists(module)) GTEST_SKIP() << "nginx has no module for it here";
  NginxOptions options;
  options.main_config = "load_module " + module.string() + ";\n";
  options.server_config = "gzip on; gzip_types *; brotli on; brotli_types *; brotli_min_length 1;";
  Nginx nginx(options);
  const std::string text = large_text();
  nginx.write_file("text.txt", text);
  Client client;
  for (int i = 0; i < 3; ++i) {
    const Outcome got = get(client, nginx.url("/text.txt"));
    ASSERT_FALSE(got.error) << got.error.message();
    EXPECT_TRUE(got.response.body == text);
    EXPECT_EQ(got.response.info.decoded, "br");
  }
  EXPECT_EQ(connection_count(nginx.access_log(3)), 1u);
  EXPECT_TRUE(pool_is_whole(client));
}

#endif

}  // namespace
}  // namespace headway::testing
