// SPDX-License-Identifier: BSL-1.0
#include "src/connect/proxy_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway::connect {
namespace {

using Scheme = ProxyUrl::Scheme;
using ::testing::HasSubstr;
using ::testing::Not;

struct Accepted {
  const char* text;
  Scheme scheme;
  const char* host;
  int port;
  const char *user, *password, *key, *str;
};

const Accepted accepted[] = {
    {"http://p", Scheme::http, "p", 80, "", "", "http://p:80", "http://p:80"},
    {"P.test:3128", Scheme::http, "p.test", 3128, "", "", "http://p.test:3128", "http://p.test:3128"},
    {"HTTPS://p/", Scheme::https, "p", 443, "", "", "https://p:443", "https://p:443"},
    {"https://p:80", Scheme::https, "p", 80, "", "", "https://p:80", "https://p:80"},
    {"http://p:443", Scheme::http, "p", 443, "", "", "http://p:443", "http://p:443"},
    {"socks5://p", Scheme::socks5, "p", 1080, "", "", "socks5://p:1080", "socks5://p:1080"},
    {"socks5h://[::1]:81", Scheme::socks5h, "::1", 81, "", "", "socks5h://[::1]:81", "socks5h://[::1]:81"},
    {"http://u:w@p", Scheme::http, "p", 80, "u", "w", "http://u:w@p:80", "http://p:80"},
    {"u:w@p:1", Scheme::http, "p", 1, "u", "w", "http://u:w@p:1", "http://p:1"},
    {"http://u@p", Scheme::http, "p", 80, "u", "", "http://u@p:80", "http://p:80"},
    {"http://u:@p", Scheme::http, "p", 80, "u", "", "http://u:@p:80", "http://p:80"},
    {"http://u:a:b@p", Scheme::http, "p", 80, "u", "a:b", "http://u:a:b@p:80", "http://p:80"},
    {"http://%40%2f:%3A%25@p", Scheme::http, "p", 80, "@/", ":%", "http://%40%2f:%3A%25@p:80", "http://p:80"},
    {"socks5://a%3ab:w@p", Scheme::socks5, "p", 1080, "a:b", "w", "socks5://a%3ab:w@p:1080",
     "socks5://p:1080"},
};

TEST(ProxyUrl, is_split_into_its_parts) {  // scenario 119
  for (const Accepted& row : accepted) {
    std::string wrong;
    const auto proxy = ProxyUrl::parse(row.text, wrong);
    ASSERT_TRUE(proxy.has_value()) << row.text << ": " << wrong;
    EXPECT_EQ(proxy->scheme, row.scheme) << row.text;
    EXPECT_EQ(proxy->host, row.host) << row.text;
    EXPECT_EQ(proxy->port, row.port) << row.text;
    EXPECT_EQ(proxy->user, row.user) << row.text;
    EXPECT_EQ(proxy->password, row.password) << row.text;
    EXPECT_EQ(proxy->has_login, *row.user != '\0') << row.text;
    EXPECT_EQ(proxy->key, row.key) << row.text;
    EXPECT_EQ(proxy->str(), row.str) << row.text;
  }
}

TEST(ProxyUrl, may_have_a_login_that_only_socks_has_no_room_for) {
  std::string wrong;
  const auto proxy = ProxyUrl::parse("http://u:" + std::string(256, 's') + "@p", wrong);
  ASSERT_TRUE(proxy.has_value()) << wrong;
  EXPECT_EQ(proxy->password.size(), 256U);
}

TEST(ProxyUrl, that_is_malformed_names_the_part_and_quotes_nothing_of_it) {
  const std::pair<std::string, const char*> table[] = {
      {"ftp://secret@p", "scheme"},
      {"socks4://p", "scheme"},
      {"://p", "scheme"},
      {"", "host or port"},
      {"http://", "host or port"},
      {"http://u:secret@", "host or port"},
      {"http://p:secret", "host or port"},
      {"http://p:65536", "host or port"},
      {"http://p:0", "port"},
      {"http://se cret", "host or port"},
      {"http://p/secret", "path"},
      {"http://p?secret", "path"},
      {"https://.p", "host: no name that a certificate can be for"},
      {"https://" + std::string(256, 'p'), "host: no name that a certificate can be for"},
      {"http://p#secret", "path"},
      {"http://:secret@p", "user name"},
      {"http://%00:secret@p", "user name"},
      {"http://a%3ab:secret@p", "user name"},
      {"http://u:secret%0d%0a@p", "password"},
      {"socks5://u:" + std::string(256, 's') + "@p", "password"},
      {"socks5h://" + std::string(256, 'u') + ":w@p", "user name"},
  };
  for (const auto& [text, part] : table) {
    std::string wrong;
    EXPECT_FALSE(ProxyUrl::parse(text, wrong).has_value()) << text;
    EXPECT_EQ(wrong, part) << text;
  }
}

}  // namespace
}  // namespace headway::connect
