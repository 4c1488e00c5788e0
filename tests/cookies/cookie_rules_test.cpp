// SPDX-License-Identifier: BSL-1.0

// Who may set a cookie and who gets it: RFC 6265bis sections 5.1, 5.7 and 5.8.

#include "src/cookies/cookie_rules.hpp"

#include "src/cookies/public_suffix.hpp"

#include <gtest/gtest.h>

namespace headway::cookies {
namespace {

TEST(CookieRules, match_domains) {
  struct Row {
    const char* host;
    const char* domain;
    bool matches;
  };
  for (const Row& row :
       {Row{"a.test", "a.test", true}, Row{"x.a.test", "a.test", true}, Row{"y.x.a.test", "a.test", true},
        Row{"xa.test", "a.test", false}, Row{"a.test", "x.a.test", false}, Row{"a.test", "", false},
        Row{"10.0.0.1", "10.0.0.1", true}, Row{"10.0.0.1", "0.0.1", false}, Row{"::1", "::1", true}}) {
    EXPECT_EQ(domain_matches(row.host, row.domain), row.matches) << row.host << ' ' << row.domain;
  }
}

TEST(CookieRules, take_the_folder_for_the_path) {
  for (const auto& [path, folder] : std::vector<std::pair<const char*, const char*>>{
           {"/", "/"}, {"/x", "/"}, {"/x/", "/x"}, {"/x/y", "/x"}, {"/x/y/", "/x/y"}, {"", "/"}, {"x", "/"}})
    EXPECT_EQ(default_path(path), folder) << path;
}

TEST(CookieRules, match_paths) {
  struct Row {
    const char* path;
    const char* cookie;
    bool matches;
  };
  for (const Row& row : {Row{"/", "/", true}, Row{"/x", "/", true}, Row{"/x", "/x", true},
                         Row{"/x/", "/x", true}, Row{"/x/y", "/x", true}, Row{"/x/y", "/x/", true},
                         Row{"/x", "/x/", false}, Row{"/xy", "/x", false}, Row{"/X", "/x", false}}) {
    EXPECT_EQ(path_matches(row.path, row.cookie), row.matches) << row.path << ' ' << row.cookie;
  }
}

std::string kept(const char* url, const std::string& field) {
  const Url from(url);
  const auto set = parse_set_cookie(field, {});
  const auto cookie = set ? accept(*set, Origin::of(from)) : std::nullopt;
  if (!cookie) return "ignored";
  return (cookie->host_only ? "" : ".") + cookie->domain + cookie->path;
}

TEST(CookieRules, say_whose_a_cookie_is) {
  struct Row {
    const char* url;
    const char* field;
    const char* kept;
  };
  for (const Row& row : {
           Row{"http://www.a.test/x/y", "n=v", "www.a.test/x"},
           Row{"http://www.a.test./", "n=v", "www.a.test/"},
           Row{"http://www.a.test/", "n=v; Domain=a.test", ".a.test/"},
           Row{"http://www.a.test/", "n=v; Domain=.A.test", ".a.test/"},
           Row{"http://www.a.test/", "n=v; Domain=www.a.test", ".www.a.test/"},
           Row{"http://www.a.test/", "n=v; Domain=", "www.a.test/"},
           Row{"http://www.a.test/", "n=v; Domain=b.test", "ignored"},
           Row{"http://www.a.test/", "n=v; Domain=x.www.a.test", "ignored"},
           Row{"http://www.a.test/", "n=v; Domain=test", "ignored"},
           Row{"http://www.a.test/", "n=v; Domain=..a.test", "ignored"},
           Row{"http://www.a.test/", "n=v; Domain=a.test.", "ignored"},
           Row{"http://www.a.test/", "n=v; Domain=\xc3\xa4.test", "ignored"},
           Row{"http://intranet/", "n=v; Domain=intranet", "intranet/"},
           Row{"http://10.0.0.1/", "n=v; Domain=10.0.0.1", "10.0.0.1/"},
           Row{"http://10.0.0.1/", "n=v; Domain=0.0.1", "ignored"},
           Row{"http://[::1]/", "n=v", "::1/"},
           Row{"http://a.test/x/y", "n=v; Path=/z", "a.test/z"},
           Row{"http://a.test/x/y", "n=v; Path=z", "a.test/x"},
       }) {
    EXPECT_EQ(kept(row.url, row.field), row.kept) << row.url << ' ' << row.field;
  }
}

TEST(CookieRules, hold_names_to_their_promises) {
  struct Row {
    const char* url;
    const char* field;
    bool kept;
  };
  for (const Row& row : {
           Row{"https://a.test/", "n=v; Secure", true},
           Row{"http://a.test/", "n=v; Secure", false},
           Row{"https://a.test/", "n=v; SameSite=None; Secure", true},
           Row{"https://a.test/", "n=v; SameSite=None", false},
           Row{"https://a.test/", "__Secure-n=v; Secure", true},
           Row{"https://a.test/", "__secure-n=v", false},
           Row{"https://a.test/", "__Host-n=v; Secure; Path=/", true},
           Row{"https://a.test/", "__Host-n=v; Secure", false},
           Row{"https://a.test/", "__Host-n=v; Path=/", false},
           Row{"https://a.test/", "__HOST-n=v; Secure; Path=/x", false},
           Row{"https://a.test/", "__Host-n=v; Secure; Path=/; Domain=a.test", false},
           Row{"https://a.test/", "=__Host-n=v; Secure; Path=/", false},
           Row{"https://a.test/", "__secure-n; Secure", false},
       }) {
    EXPECT_EQ(kept(row.url, row.field) != "ignored", row.kept) << row.url << ' ' << row.field;
  }
}

TEST(CookieRules, know_domains_that_anybody_has_a_part_of) {
  EXPECT_TRUE(is_public_suffix("com"));
  EXPECT_TRUE(is_public_suffix("localhost"));
  EXPECT_FALSE(is_public_suffix("example.com"));
#if HEADWAY_HAS_LIBPSL
  EXPECT_TRUE(is_public_suffix("co.uk"));
  EXPECT_FALSE(is_public_suffix("example.co.uk"));
  EXPECT_EQ(kept("http://www.example.co.uk/", "n=v; Domain=co.uk"), "ignored");
  EXPECT_EQ(kept("http://co.uk/", "n=v; Domain=co.uk"), "co.uk/");
#endif
}

TEST(CookieRules, send_a_cookie_where_it_belongs) {
  const Cookie below{.name = "n", .domain = "a.test", .path = "/x", .host_only = false, .secure = true};
  const Cookie alone{.name = "n", .domain = "a.test"};
  struct Row {
    const Cookie& cookie;
    const char* url;
    bool sent;
  };
  for (const Row& row :
       {Row{below, "https://a.test/x", true}, Row{below, "https://www.a.test/x/y", true},
        Row{below, "http://a.test/x", false}, Row{below, "https://a.test/", false},
        Row{below, "https://ba.test/x", false}, Row{alone, "http://a.test/", true},
        Row{alone, "https://a.test:8443/y", true}, Row{alone, "http://www.a.test/", false}}) {
    const Url url(row.url);
    EXPECT_EQ(is_for(row.cookie, Origin::of(url)), row.sent) << row.url;
  }
}

}  // namespace
}  // namespace headway::cookies
