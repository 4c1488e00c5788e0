// SPDX-License-Identifier: BSL-1.0
#include "src/connect/proxy_login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace headway::connect {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// The challenges as one text: `scheme{name=value;…}`.
std::string flat(std::string_view value) {
  std::string text;
  for (const AuthChallenge& challenge : parse_challenges(value)) {
    text += challenge.scheme + '{';
    for (const auto& [name, content] : challenge.parameters) text += name + '=' + content + ';';
    text += '}';
  }
  return text;
}

TEST(AuthChallenge, lists_are_taken_apart) {
  const std::pair<const char*, const char*> table[] = {
      {"", ""},
      {"Basic", "Basic{}"},
      {"Basic realm=\"a\"", "Basic{realm=a;}"},
      {"Basic realm=a", "Basic{realm=a;}"},
      {"Basic realm = \"a, b=c \\\" d\"", "Basic{realm=a, b=c \" d;}"},
      {"Basic realm=\"\"", "Basic{realm=;}"},
      {"Digest a=1, b=\"2\" ,c=3", "Digest{a=1;b=2;c=3;}"},
      {"Digest a=1, Basic realm=x", "Digest{a=1;}Basic{realm=x;}"},
      {", ,Negotiate, Basic realm=x,", "Negotiate{}Basic{realm=x;}"},
      {"Negotiate YWJj==, Basic realm=x", "Negotiate{}Basic{realm=x;}"},
      {"Basic realm=\"never ends", "Basic{}"},
      {"Basic realm=\"ends in a backslash\\", "Basic{}"},
      {"Basic a=1 b=2, Digest c=3", "Basic{a=1;}"},
      {"=, Basic", ""},
      {"\"Basic\"", ""},
  };
  for (const auto& [value, expected] : table) EXPECT_EQ(flat(value), expected) << value;
}

TEST(AuthChallenge, lists_without_an_end_are_cut) {  // scenario 120
  std::string many, wide = "Basic ";
  for (int i = 0; i < 1000; ++i) {
    many += "S" + std::to_string(i) + ", ";
    wide += "p" + std::to_string(i) + "=1, ";
  }
  EXPECT_EQ(parse_challenges(many).size(), 16U);
  EXPECT_EQ(parse_challenges(wide).at(0).parameters.size(), 32U);
}

// The exchange of RFC 7616 section 3.9.1.
constexpr std::string_view rfc_nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
constexpr DigestLogin mufasa{
    .user = "Mufasa", .password = "Circle of Life", .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};

std::optional<DigestChallenge> rfc_challenge(const std::string& algorithm) {
  const auto challenges = parse_challenges(
      "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm +
      ", nonce=\"" + std::string(rfc_nonce) + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
  return DigestChallenge::of(challenges.at(0));
}

TEST(Digest, answers_as_the_specification_does) {
  const std::string md5 = digest_authorization(*rfc_challenge("MD5"), mufasa, "GET", "/dir/index.html");
  EXPECT_THAT(
      md5, AllOf(StartsWith("Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\""),
                 HasSubstr("uri=\"/dir/index.html\""), HasSubstr("algorithm=MD5"), HasSubstr("nc=00000001"),
                 HasSubstr("qop=auth"), HasSubstr("response=\"8ca523f5e9506fed4657c9700eebdbec\""),
                 HasSubstr("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")));
  EXPECT_THAT(digest_authorization(*rfc_challenge("SHA-256"), mufasa, "GET", "/dir/index.html"),
              HasSubstr("response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
}

TEST(Digest, of_a_session_binds_the_secret_to_both_nonces) {
  const std::string secret =
      digest(Hash::md5, digest(Hash::md5, "Mufasa:http-auth@example.org:Circle of Life") + ':' +
                            std::string(rfc_nonce) + ':' + std::string(mufasa.cnonce));
  const std::string expected =
      digest(Hash::md5, secret + ':' + std::string(rfc_nonce) + ":00000001:" + std::string(mufasa.cnonce) +
                            ":auth:" + digest(Hash::md5, "GET:/"));
  EXPECT_THAT(digest_authorization(*rfc_challenge("MD5-sess"), mufasa, "GET", "/"),
              AllOf(HasSubstr("response=\"" + expected), HasSubstr("algorithm=MD5-sess")));
  EXPECT_EQ(rfc_challenge("sha-256-SESS")->hash, Hash::sha256);
  EXPECT_TRUE(rfc_challenge("sha-256-SESS")->session);
}

TEST(Digest, escapes_what_would_end_a_quoted_string) {
  DigestLogin odd = mufasa;
  odd.user = "a\"b\\c";
  EXPECT_THAT(digest_authorization(*rfc_challenge("MD5"), odd, "GET", "/"),
              HasSubstr("username=\"a\\\"b\\\\c\""));
}

TEST(Digest, of_another_kind_is_not_answered) {
  EXPECT_FALSE(rfc_challenge("SHA-512-256"));
  for (const char* value : {"Digest qop=\"auth\"", "Digest nonce=\"x\"",
                            "Digest nonce=\"x\", qop=\"auth-int\"", "Basic nonce=\"x\", qop=\"auth\""}) {
    EXPECT_FALSE(DigestChallenge::of(parse_challenges(value).at(0))) << value;
  }
}

const char* const digest_md5 = "Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"";

TEST(ProxyLogin, says_nothing_before_it_is_asked) {  // pool rule 62
  ProxyLogin login("user", "secret");
  EXPECT_EQ(login.authorization("CONNECT", "a.test:443"), "");
}

TEST(ProxyLogin, answers_basic_whatever_the_characters) {  // scenario 119
  const std::pair<std::pair<const char*, const char*>, const char*> table[] = {
      {{"Aladdin", "open sesame"}, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
      {{"user", ""}, "Basic dXNlcjo="},
      {{"a", "\xc3\xa4@:/"}, "Basic YTrDpEA6Lw=="},
  };
  for (const auto& [who, expected] : table) {
    ProxyLogin login(who.first, who.second);
    EXPECT_TRUE(login.answer({{"Proxy-Authenticate", "Basic realm=\"x\""}}, ""));
    EXPECT_EQ(login.authorization("GET", "http://a.test/"), expected);
  }
}

TEST(ProxyLogin, prefers_digest_to_basic_and_sha_256_to_md5) {
  ProxyLogin login("user", "secret");
  const Headers asked = {{"Proxy-Authenticate", std::string("Basic realm=\"x\", ") + digest_md5},
                         {"Proxy-Authenticate",
                          "Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", "
                          "algorithm=SHA-256"}};
  EXPECT_TRUE(login.answer(asked, ""));
  EXPECT_THAT(login.authorization("GET", "/"),
              AllOf(StartsWith("Digest "), HasSubstr("algorithm=SHA-256"), Not(HasSubstr("secret"))));
}

TEST(ProxyLogin, takes_what_the_systems_policy_allows) {
  const std::string both = std::string("Basic realm=\"x\", ") + digest_md5;
  EVP_set_default_properties(nullptr, "fips=yes");  // no such provider is loaded, so no hash is allowed
  ProxyLogin login("user", "secret");
  const bool answered = login.answer({{"Proxy-Authenticate", both}}, "");
  EVP_set_default_properties(nullptr, "");
  EXPECT_TRUE(answered);
  EXPECT_THAT(login.authorization("GET", "/"), StartsWith("Basic "));
}

TEST(ProxyLogin, counts_each_use_once_for_all_threads) {
  ProxyLogin login("user", "secret");
  EXPECT_TRUE(login.answer({{"Proxy-Authenticate", digest_md5}}, ""));
  constexpr int threads = 4, uses = 200;
  std::array<std::vector<std::string>, threads> values;
  {
    std::vector<std::jthread> running;
    for (std::vector<std::string>& mine : values) {
      running.emplace_back([&] {
        for (int i = 0; i < uses; ++i) {
          mine.push_back(login.authorization("GET", "/"));
          login.answer({{"Proxy-Authenticate", std::string(digest_md5) + ", stale=true"}}, mine.back());
        }
      });
    }
  }
  std::set<std::string> counts;
  for (const std::vector<std::string>& mine : values) {
    for (const std::string& value : mine) counts.insert(value.substr(value.find("nc="), 11));
  }
  EXPECT_EQ(counts.size(), std::size_t{threads * uses});
  EXPECT_THAT(counts, ::testing::Contains("nc=00000320"));
}

TEST(ProxyLogin, counts_the_uses_of_a_nonce) {
  ProxyLogin login("user", "secret");
  EXPECT_TRUE(login.answer({{"Proxy-Authenticate", digest_md5}}, ""));
  EXPECT_THAT(login.authorization("GET", "/"), HasSubstr("nc=00000001"));
  EXPECT_THAT(login.authorization("GET", "/"), HasSubstr("nc=00000002"));
}

TEST(ProxyLogin, takes_a_stale_nonce_for_no_refusal_and_everything_else_for_one) {
  ProxyLogin login("user", "secret");
  EXPECT_TRUE(login.answer({{"Proxy-Authenticate", digest_md5}}, ""));
  const std::string sent = login.authorization("GET", "/");
  EXPECT_FALSE(login.answer({{"Proxy-Authenticate", digest_md5}}, sent));
  EXPECT_TRUE(login.answer({{"Proxy-Authenticate", std::string(digest_md5) + ", stale=TRUE"}}, sent));
  EXPECT_THAT(login.authorization("GET", "/"), HasSubstr("nc=00000002"));  // of the same nonce
  EXPECT_FALSE(login.answer({{"Proxy-Authenticate", "Basic realm=\"x\""}}, "Basic dTpw"));
  EXPECT_FALSE(login.answer({{"Proxy-Authenticate", "Negotiate"}}, ""));
  EXPECT_FALSE(login.answer({}, ""));
}

TEST(ProxyLogins, are_shared_by_all_connections_to_a_proxy) {  // pool rule 2
  ProxyLogins logins;
  std::string wrong;
  const auto parse = [&](const char* url) { return *ProxyUrl::parse(url, wrong); };
  const auto first = logins.of(parse("http://u:a@p"));
  EXPECT_EQ(logins.of(parse("http://u:a@p/")), first);
  EXPECT_NE(logins.of(parse("http://u:b@p")), first);
  EXPECT_EQ(logins.of(parse("http://p")), nullptr);
}

}  // namespace
}  // namespace headway::connect
