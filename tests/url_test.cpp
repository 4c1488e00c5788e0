// SPDX-License-Identifier: BSL-1.0

#include <headway/error.hpp>
#include <headway/url.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <utility>

namespace headway {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

struct Accepted {
  const char *text, *str, *userinfo, *host;
  int port;
  const char *path, *query, *fragment, *target, *host_field, *redacted;
};

const Accepted accepted[] = {
    {"http://h", "http://h/", "", "h", 80, "/", "", "", "/", "h", "http://h/"},
    {"HTTP://EXAMPLE.Com/A%2fb", "http://example.com/A%2fb", "", "example.com", 80, "/A%2fb", "", "",
     "/A%2fb", "example.com", "http://example.com/A%2fb"},
    {"https://h/a/b;c=1?d=e&f=/?:@#g?/", "https://h/a/b;c=1?d=e&f=/?:@#g?/", "", "h", 443, "/a/b;c=1",
     "d=e&f=/?:@", "g?/", "/a/b;c=1?d=e&f=/?:@", "h", "https://h/a/b;c=1?d=e&f=/?:@#g?/"},
    {"http://h?q", "http://h/?q", "", "h", 80, "/", "q", "", "/?q", "h", "http://h/?q"},
    {"http://h#f", "http://h/#f", "", "h", 80, "/", "", "f", "/", "h", "http://h/#f"},
    {"http://h/?", "http://h/?", "", "h", 80, "/", "", "", "/?", "h", "http://h/?"},
    {"http://h/?#", "http://h/?#", "", "h", 80, "/", "", "", "/?", "h", "http://h/?#"},
    {"http://h/#?x", "http://h/#?x", "", "h", 80, "/", "", "?x", "/", "h", "http://h/#?x"},
    {"http://h:8080?q", "http://h:8080/?q", "", "h", 8080, "/", "q", "", "/?q", "h:8080", "http://h:8080/?q"},
    {"http://h:/", "http://h:/", "", "h", 80, "/", "", "", "/", "h", "http://h:/"},
    {"https://h:", "https://h:/", "", "h", 443, "/", "", "", "/", "h", "https://h:/"},
    {"http://h:80/", "http://h:80/", "", "h", 80, "/", "", "", "/", "h", "http://h:80/"},
    {"https://h:80/", "https://h:80/", "", "h", 80, "/", "", "", "/", "h:80", "https://h:80/"},
    {"http://h:0/", "http://h:0/", "", "h", 0, "/", "", "", "/", "h:0", "http://h:0/"},
    {"http://h:65535/", "http://h:65535/", "", "h", 65535, "/", "", "", "/", "h:65535", "http://h:65535/"},
    {"http://h:0000000081/", "http://h:0000000081/", "", "h", 81, "/", "", "", "/", "h:81",
     "http://h:0000000081/"},
    {"http://u:p%40w@H:81/x", "http://u:p%40w@h:81/x", "u:p%40w", "h", 81, "/x", "", "", "/x", "h:81",
     "http://h:81/x"},
    {"http://UPPER@h/", "http://UPPER@h/", "UPPER", "h", 80, "/", "", "", "/", "h", "http://h/"},
    {"http://@h/", "http://@h/", "", "h", 80, "/", "", "", "/", "h", "http://h/"},
    {"http://u@[::1]:81/", "http://u@[::1]:81/", "u", "::1", 81, "/", "", "", "/", "[::1]:81",
     "http://[::1]:81/"},
    {"http://[::1]", "http://[::1]/", "", "::1", 80, "/", "", "", "/", "[::1]", "http://[::1]/"},
    {"http://[2001:DB8::A]/", "http://[2001:db8::a]/", "", "2001:db8::a", 80, "/", "", "", "/",
     "[2001:db8::a]", "http://[2001:db8::a]/"},
    {"http://[::ffff:1.2.3.4]/", "http://[::ffff:1.2.3.4]/", "", "::ffff:1.2.3.4", 80, "/", "", "", "/",
     "[::ffff:1.2.3.4]", "http://[::ffff:1.2.3.4]/"},
    {"http://127.0.0.1/", "http://127.0.0.1/", "", "127.0.0.1", 80, "/", "", "", "/", "127.0.0.1",
     "http://127.0.0.1/"},
    {"http://a_b.~c!$&'()*+,;=/", "http://a_b.~c!$&'()*+,;=/", "", "a_b.~c!$&'()*+,;=", 80, "/", "", "", "/",
     "a_b.~c!$&'()*+,;=", "http://a_b.~c!$&'()*+,;=/"},
    {"http://a%4Ab/", "http://a%4ab/", "", "a%4ab", 80, "/", "", "", "/", "a%4ab", "http://a%4ab/"},
    {"http://h/a[0]?b[1]=2#c[3]", "http://h/a[0]?b[1]=2#c[3]", "", "h", 80, "/a[0]", "b[1]=2", "c[3]",
     "/a[0]?b[1]=2", "h", "http://h/a[0]?b[1]=2#c[3]"},
    {"http://h/a/../b/./c", "http://h/a/../b/./c", "", "h", 80, "/a/../b/./c", "", "", "/a/../b/./c", "h",
     "http://h/a/../b/./c"},
    {"http://h//x@y:z", "http://h//x@y:z", "", "h", 80, "//x@y:z", "", "", "//x@y:z", "h", "http://h//x@y:z"},
};

TEST(Url, is_split_into_its_parts) {
  for (const Accepted& c : accepted) {
    SCOPED_TRACE(c.text);
    std::error_code ec = Error::cancelled;
    const Url url = Url::parse(c.text, ec);
    ASSERT_FALSE(ec) << ec.message();
    EXPECT_EQ(url.str(), c.str);
    EXPECT_EQ(url.scheme(), std::string(c.str).substr(0, std::string(c.str).find(':')));
    EXPECT_EQ(url.userinfo(), c.userinfo);
    EXPECT_EQ(url.host(), c.host);
    EXPECT_EQ(url.host_is_ipv6(), std::string(c.host).find(':') != std::string::npos);
    EXPECT_EQ(url.port(), c.port);
    EXPECT_EQ(url.path(), c.path);
    EXPECT_EQ(url.query(), c.query);
    EXPECT_EQ(url.fragment(), c.fragment);
    EXPECT_EQ(url.target(), c.target);
    EXPECT_EQ(url.host_field(), c.host_field);
    EXPECT_EQ(url.redacted(), c.redacted);
  }
}

TEST(Url, parses_its_own_text_to_an_equal_url) {
  for (const Accepted& c : accepted) EXPECT_EQ(Url(Url(c.text).str()), Url(c.text)) << c.text;
}

struct Refused {
  std::string text;
  Error error;
  const char* part;
};

const Refused refused[] = {
    {"", Error::invalid_url, "scheme"},
    {"h", Error::invalid_url, "scheme"},
    {"/a", Error::invalid_url, "scheme"},
    {"//h/a", Error::invalid_url, "scheme"},
    {"://h/", Error::invalid_url, "scheme"},
    {" http://h/", Error::invalid_url, "scheme"},
    {"ht tp://h/", Error::invalid_url, "scheme"},
    {"1http://h/", Error::invalid_url, "scheme"},
    {"http", Error::invalid_url, "scheme"},
    {"ftp://h/", Error::unsupported_scheme, "scheme"},
    {"httpx://h/", Error::unsupported_scheme, "scheme"},
    {"localhost:8080/x", Error::unsupported_scheme, "scheme"},
    {"mailto:a@b", Error::unsupported_scheme, "scheme"},
    {"http:", Error::invalid_url, "host"},
    {"http:/", Error::invalid_url, "host"},
    {"http://", Error::invalid_url, "host"},
    {"http:///x", Error::invalid_url, "host"},
    {"http:h/x", Error::invalid_url, "host"},
    {"http:\\\\h\\x", Error::invalid_url, "host"},
    {"http://?x", Error::invalid_url, "host"},
    {"http://:80/", Error::invalid_url, "host"},
    {"http://u@/", Error::invalid_url, "host"},
    {"http://u@:80/", Error::invalid_url, "host"},
    {"http://a@b@c/", Error::invalid_url, "user name"},
    {"http://good\\@evil/", Error::invalid_url, "user name"},
    {"http://u[@h/", Error::invalid_url, "user name"},
    {"http://u%4@h/", Error::invalid_url, "user name"},
    {"http://a b/", Error::invalid_url, "host"},
    {"http://a%zz/", Error::invalid_url, "host"},
    {"http://a%4/", Error::invalid_url, "host"},
    {"http://a%", Error::invalid_url, "host"},
    {"http://::1/", Error::invalid_url, "host"},
    {"http://[]/", Error::invalid_url, "host"},
    {"http://[::1/", Error::invalid_url, "host"},
    {"http://[::1", Error::invalid_url, "host"},
    {"http://::1]/", Error::invalid_url, "host"},
    {"http://[::1]x/", Error::invalid_url, "host"},
    {"http://[::1]]/", Error::invalid_url, "host"},
    {"http://[1.2.3.4]/", Error::invalid_url, "host"},
    {"http://[v1.fe]/", Error::invalid_url, "host"},
    {"http://[::g]/", Error::invalid_url, "host"},
    {"http://[1:2:3:4:5:6:7:8:9]/", Error::invalid_url, "host"},
    {"http://[fe80::1%25eth0]/", Error::invalid_url, "host"},
    {"http://[fe80::1%eth0]/", Error::invalid_url, "host"},
    {"http://[::1\0]/"s, Error::invalid_url, "host"},
    {"http://[" + std::string(60, '0') + "::1]/", Error::invalid_url, "host"},
    {"http://h:65536/", Error::invalid_url, "port"},
    {"http://h:4294967376/", Error::invalid_url, "port"},
    {"http://h:99999999999999999999/", Error::invalid_url, "port"},
    {"http://h:-1/", Error::invalid_url, "port"},
    {"http://h:+80/", Error::invalid_url, "port"},
    {"http://h:8a/", Error::invalid_url, "port"},
    {"http://h:80:81/", Error::invalid_url, "port"},
    {"http://h: /", Error::invalid_url, "port"},
    {"http://h\0/"s, Error::invalid_url, "path"},
    {"http://h/\0"s, Error::invalid_url, "path"},
    {"http://h/a b", Error::invalid_url, "path"},
    {"http://h/a\r\nHost: evil", Error::invalid_url, "path"},
    {"http://h/%", Error::invalid_url, "path"},
    {"http://h/%4", Error::invalid_url, "path"},
    {"http://h/%4g", Error::invalid_url, "path"},
    {"http://h/%\0"
     "41"s,
     Error::invalid_url, "path"},
    {"http://h/?%4", Error::invalid_url, "query"},
    {"http://h/?a b", Error::invalid_url, "query"},
    {"http://h/#%zz", Error::invalid_url, "fragment"},
    {"http://h/#a#b", Error::invalid_url, "fragment"},
    {"http://h/" + std::string(64 * 1024, 'a'), Error::invalid_url, "length"},
    {"http://" + std::string(64 * 1024 - 7, 'a'), Error::invalid_url, "length"},
};

TEST(Url, refuses_what_is_no_http_url_and_names_the_part) {
  for (const Refused& c : refused) {
    SCOPED_TRACE(testing::PrintToString(c.text.substr(0, 80)));
    std::error_code ec;
    EXPECT_TRUE(Url::parse(c.text, ec).empty());
    EXPECT_EQ(ec, c.error);
    try {
      const Url url(c.text);
      ADD_FAILURE() << "accepted as " << url.str();
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), c.error);
      EXPECT_THAT(error.what(), HasSubstr(c.part));
    }
  }
}

TEST(Url, takes_up_to_64_kib) {
  const std::string longest = "http://h/" + std::string(64 * 1024 - 9, 'a');
  EXPECT_EQ(Url(longest).str(), longest);
}

std::string allowed_bytes(std::string_view others) {
  std::string all(others);
  for (int c = 0; c < 128; ++c) {
    if (std::isalnum(c)) all += static_cast<char>(c);
  }
  return all;
}

TEST(Url, knows_for_every_byte_where_it_may_stand) {
  const std::string name = allowed_bytes("-._~!$&'()*+,;=");
  const struct {
    std::string before, after, allowed;
  } places[] = {
      {"http://u", "@h/", name + ":/?#"},  // the last three end the authority: u is the host then
      {"http://h", "x/", name + "@/?#"},   // and '@' makes it a user name
      {"http://h/a", "b", name + ":@/?#[]"}, {"http://h/?a", "b", name + ":@/?#[]"},
      {"http://h/#a", "b", name + ":@/?[]"},
  };
  for (const auto& place : places) {
    for (int c = 0; c < 256; ++c) {
      std::error_code ec;
      Url::parse(place.before + static_cast<char>(c) + place.after, ec);
      const bool allowed = place.allowed.find(static_cast<char>(c)) != std::string::npos;
      EXPECT_EQ(!ec, allowed) << place.before << " byte " << c;
    }
  }
}

TEST(Url, is_empty_by_default_and_has_empty_parts) {
  const Url url;
  EXPECT_TRUE(url.empty());
  EXPECT_EQ(url.scheme(), "");
  EXPECT_EQ(url.host(), "");
  EXPECT_EQ(url.target(), "");
  EXPECT_EQ(url.host_field(), "");
  EXPECT_EQ(url.redacted(), "");
  EXPECT_EQ(url.port(), 0);
}

TEST(Url, has_empty_parts_after_it_was_moved_from) {
  Url url("http://u@" + std::string(40, 'h') + ":81/p?q#f");
  const Url taken = std::move(url);
  EXPECT_EQ(taken.path(), "/p");
  EXPECT_EQ(url.userinfo(), "");
  EXPECT_EQ(url.target(), "");
  EXPECT_EQ(url.redacted(), "");
}

TEST(Url, forgets_the_former_parts_when_it_is_parsed_into_again) {
  Url url("https://u:p@[::1]:444/path?query#fragment");
  std::error_code ec;
  Url::parse("http://h", url, ec);
  ASSERT_FALSE(ec);
  EXPECT_EQ(url, Url("http://h"));
  EXPECT_EQ(url.userinfo(), "");
  EXPECT_EQ(url.query(), "");
  EXPECT_EQ(url.fragment(), "");
  EXPECT_EQ(url.port(), 80);
  EXPECT_FALSE(url.host_is_ipv6());
  EXPECT_EQ(url.host_field(), "h");
}

TEST(Url, is_empty_in_every_part_after_a_failed_parse) {
  Url url("https://u:p@[::1]:444/path?query#fragment");
  std::error_code ec;
  Url::parse("http://v:w@[::2]:445/path?query#frag ment", url, ec);
  EXPECT_EQ(ec, Error::invalid_url);
  EXPECT_TRUE(url.empty());
  EXPECT_EQ(url.userinfo(), "");
  EXPECT_EQ(url.port(), 0);
  EXPECT_EQ(url.host_field(), "");
  EXPECT_FALSE(url.host_is_ipv6());
}

TEST(Url, can_be_parsed_from_a_view_of_itself) {
  Url url("http://h/http://other.example:81/x");
  std::error_code ec;
  Url::parse(url.path().substr(1), url, ec);
  ASSERT_FALSE(ec);
  EXPECT_EQ(url.str(), "http://other.example:81/x");
}

TEST(Url, reuses_the_memory_of_the_one_that_is_parsed_into) {
  Url url("http://" + std::string(100, 'a') + ":8080/" + std::string(100, 'b'));
  const void* text = url.str().data();
  const void* field = url.host_field().data();
  std::error_code ec;
  Url::parse("http://" + std::string(99, 'c') + ":81/", url, ec);
  EXPECT_EQ(url.str().data(), text);
  EXPECT_EQ(url.host_field().data(), field);
}

TEST(Url, resolves_a_reference_and_checks_the_result) {
  const Url base("http://u:p@h:81/a/b?c#d");
  const struct {
    const char *reference, *result;
  } cases[] = {
      {"", "http://u:p@h:81/a/b?c"},           {"x", "http://u:p@h:81/a/x"},
      {"/x/../y", "http://u:p@h:81/y"},        {"?z", "http://u:p@h:81/a/b?z"},
      {"#e", "http://u:p@h:81/a/b?c#e"},       {"//Other", "http://other/"},
      {"HTTPS://Z/./q", "https://z/q"},        {"//v@i:82/../..", "http://v@i:82/"},
      {"../../../x/./..", "http://u:p@h:81/"}, {".//x", "http://u:p@h:81/a//x"},
  };
  for (const auto& c : cases) {
    std::error_code ec = Error::cancelled;
    EXPECT_EQ(base.resolve(c.reference, ec).str(), c.result) << c.reference;
    EXPECT_FALSE(ec) << c.reference;
  }
}

TEST(Url, refuses_a_reference_that_leads_to_no_http_url) {
  const Url base("http://h/a");
  const struct {
    const char* reference;
    Error error;
  } cases[] = {
      {"ftp://x/", Error::unsupported_scheme},
      {"javascript:alert(1)", Error::unsupported_scheme},
      {"http:x", Error::invalid_url},
      {"//", Error::invalid_url},
      {"///x", Error::invalid_url},
      {"a b", Error::invalid_url},
      {"//h:99999", Error::invalid_url},
      {"\r\n", Error::invalid_url},
  };
  for (const auto& c : cases) {
    std::error_code ec;
    EXPECT_TRUE(base.resolve(c.reference, ec).empty()) << c.reference;
    EXPECT_EQ(ec, c.error) << c.reference;
  }
  std::error_code ec;
  EXPECT_TRUE(Url().resolve("x", ec).empty());
  EXPECT_EQ(ec, Error::invalid_url);
}

TEST(PercentEncode, leaves_only_unreserved_bytes) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b/c?d%e+f"), "a%20b%2Fc%3Fd%25e%2Bf");
  EXPECT_EQ(percent_encode("\0\x7f\xff\xc3\xa9"s), "%00%7F%FF%C3%A9");
  EXPECT_EQ(percent_encode(""), "");
}

}  // namespace
}  // namespace headway
