// SPDX-License-Identifier: BSL-1.0

#include <headway/error.hpp>
#include <headway/http_route.hpp>
#include <headway/url.hpp>

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace headway {
namespace {

using namespace std::string_literals;

TEST(HttpRoute, normalises_scheme_host_and_port) {
  const struct {
    const char *scheme, *host;
    std::uint16_t port;
    const char* str;
  } cases[] = {
      {"http", "www.yeetrack.com", 80, "http://www.yeetrack.com:80"},
      {"http", "h", 0, "http://h:80"},
      {"https", "h", 0, "https://h:443"},
      {"HTTPS", "Example.COM", 8443, "https://example.com:8443"},
      {"http", "example.com.", 0, "http://example.com:80"},
      {"http", "127.0.0.1", 1, "http://127.0.0.1:1"},
      {"http", "::1", 0, "http://[::1]:80"},
      {"http", "[2001:DB8::A]", 65535, "http://[2001:db8::a]:65535"},
      {"http", "a_b%41~!$&'()*+,;=", 0, "http://a_b%41~!$&'()*+,;=:80"},
  };
  for (const auto& c : cases) {
    const HttpRoute route(c.scheme, c.host, c.port);
    EXPECT_EQ(route.str(), c.str);
    EXPECT_EQ(route.secure(), route.str().starts_with("https"));
  }
  EXPECT_EQ(HttpRoute("http", "[::1]").host(), "::1");
}

Error error_of(std::string_view scheme, const std::string& host) {
  try {
    HttpRoute(scheme, host, 80);
  } catch (const std::system_error& error) {
    return static_cast<Error>(error.code().value());
  }
  return {};
}

TEST(HttpRoute, refuses_hosts_that_cannot_be) {
  for (const std::string& host :
       {""s,       "."s,     "[]"s,           "["s,    "]"s,    "[::1"s, "::1]"s,        "[h]"s,
        "[::1]."s, "a:80"s,  "fe80::1%eth0"s, "a b"s,  "a/b"s,  "u@h"s,  "a?"s,          "a#"s,
        "a\\b"s,   "a\r\n"s, "a%4"s,          "a%zz"s, "a\0b"s, "a\0"s,  "\xC3\xA9.fr"s, "a\"b"s,
        "a<b"s,    "a|b"s}) {
    EXPECT_EQ(error_of("http", host), Error::invalid_url) << ::testing::PrintToString(host);
  }
}

TEST(HttpRoute, refuses_other_schemes) {
  for (const char* scheme : {"", "ftp", "http:", "httpss", "unix"}) {
    EXPECT_EQ(error_of(scheme, "h"), Error::unsupported_scheme) << scheme;
  }
}

std::vector<HttpRoute> different_routes() {
  return {
      {"http", "h", 80},
      {"http", "h", 81},
      {"http", "g", 80},
      {"https", "h", 80},
      {"https", "h", 443},
      {"http", "h", 80, {.local_address = "10.0.0.1"}},
      {"http", "h", 80, {.interface = "10.0.0.1"}},
      {"http", "h", 80, {.addresses = {"10.0.0.1"}}},
      {"http", "h", 80, {.addresses = {"10.0.0.1", "10.0.0.2"}}},
      {"http", "h", 80, {.addresses = {"10.0.0.2", "10.0.0.1"}}},
      {"http", "h", 80, {.proxies = {"10.0.0.1"}}},
      {"http", "h", 80, {.proxies = {"a", "b"}}},
      {"http", "h", 80, {.proxies = {"b", "a"}}},
      {"http", "h", 80, {.proxies = {"ab"}}},
      {"http", "h", 80, {.proxies = {"", "ab"}}},
      {"http", "h", 80, {.tls_identity = "10.0.0.1"}},
      {"http", "h", 80, {.unix_socket = "10.0.0.1"}},
      {"http", "h", 80, {.tls_identity = "a", .unix_socket = "b"}},
      {"http", "h", 80, {.tls_identity = "b", .unix_socket = "a"}},
  };
}

TEST(HttpRoute, differs_if_any_part_does) {
  const auto routes = different_routes(), copies = different_routes();
  for (std::size_t i = 0; i < routes.size(); ++i) {
    for (std::size_t j = 0; j < copies.size(); ++j) {
      EXPECT_EQ(routes[i] == copies[j], i == j) << routes[i].str() << ' ' << copies[j].str();
      EXPECT_EQ(routes[i].hash() == copies[j].hash(), i == j) << routes[i].str() << ' ' << copies[j].str();
    }
  }
}

TEST(HttpRoute, of_an_origin_equals_the_one_that_is_spelled_out) {
  const Url url("http://Example.COM.:8080/x");
  const HttpRoute spelled("http", "example.com", 8080);
  const auto direct = std::make_shared<const RouteVia>();
  for (const auto& via : {std::shared_ptr<const RouteVia>(), direct}) {
    const HttpRoute route = HttpRoute::of_origin(HttpRoute::Scheme::http, url.host(), url.port(), via);
    EXPECT_EQ(route, spelled);
    EXPECT_EQ(route.hash(), spelled.hash());
    EXPECT_EQ(route.via(), RouteVia{});
  }
  const RouteVia proxy{.proxies = {"http://p:3128"}};
  EXPECT_EQ(HttpRoute::of_origin(HttpRoute::Scheme::https, "h", 443, std::make_shared<const RouteVia>(proxy)),
            HttpRoute("https", "h", 443, proxy));
}

TEST(HttpRoute, spreads_its_hash_over_all_bits) {
  std::unordered_set<std::size_t> whole, low, high;
  constexpr unsigned count = 4096;
  for (unsigned i = 0; i < count; ++i) {
    const HttpRoute route("http", "host" + std::to_string(i % 64), static_cast<std::uint16_t>(1 + i / 64));
    whole.insert(route.hash());
    low.insert(route.hash() % count);
    high.insert(route.hash() >> 52);
  }
  EXPECT_EQ(whole.size(), count);
  // A random function fills 1 - 1/e of as many slots.
  EXPECT_GT(low.size(), count / 2);
  EXPECT_GT(high.size(), count / 2);
}

TEST(HttpRoute, tells_what_it_goes_via_without_credentials) {
  const struct {
    RouteVia via;
    const char* str;
  } cases[] = {
      {{.local_address = "10.0.0.1"}, "http://h:80 [from 10.0.0.1]"},
      {{.interface = "eth1", .addresses = {"::1", "::2"}}, "http://h:80 [from eth1, at ::1, at ::2]"},
      {{.proxies = {"http://user:secret@p:3128"}}, "http://h:80 [via http://p:3128]"},
      {{.proxies = {"user:se@cr/et@p:3128", "http://q"}}, "http://h:80 [via p:3128, via http://q]"},
      {{.proxies = {"socks5://user:secret/@p"}}, "http://h:80 [via socks5://p]"},
      {{.tls_identity = "corp", .unix_socket = "/run/x"}, "http://h:80 [TLS corp, unix /run/x]"},
  };
  for (const auto& c : cases) EXPECT_EQ(HttpRoute("http", "h", 80, c.via).str(), c.str);
}

TEST(HttpRoute, can_be_a_key) {
  std::unordered_set<HttpRoute> set;
  for (const HttpRoute& route : different_routes()) set.insert(route);
  for (const HttpRoute& route : different_routes()) set.insert(route);
  EXPECT_EQ(set.size(), different_routes().size());
}

}  // namespace
}  // namespace headway
