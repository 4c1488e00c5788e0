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

const char* const digest_md5 = "Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"";

TEST(ProxyLogin, says_nothing_before_it_is_asked) {  // pool rule 62
  ProxyLogin login("user", "secret");
  EXPECT_EQ(login.authorization({"CONNECT", "a.test:443"}), "");
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
    EXPECT_EQ(login.authorization({"GET", "http://a.test/"}), expected);
  }
}

TEST(ProxyLogin, prefers_digest_to_basic_and_sha_256_to_md5) {
  ProxyLogin login("user", "secret");
  const Headers asked = {{"Proxy-Authenticate", std::string("Basic realm=\"x\", ") + digest_md5},
                         {"Proxy-Authenticate",
                          "Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", "
                          "algorithm=SHA-256"}};
  EXPECT_TRUE(login.answer(asked, ""));
  EXPECT_THAT(login.authorization({"GET", "/"}),
              AllOf(StartsWith("Digest "), HasSubstr("algorithm=SHA-256"), Not(HasSubstr("secret"))));
}

TEST(ProxyLogin, takes_what_the_systems_policy_allows) {
  const std::string both = std::string("Basic realm=\"x\", ") + digest_md5;
  EVP_set_default_properties(nullptr, "fips=yes");  // no such provider is loaded, so no hash is allowed
  ProxyLogin login("user", "secret");
  const bool answered = login.answer({{"Proxy-Authenticate", both}}, "");
  EVP_set_default_properties(nullptr, "");
  EXPECT_TRUE(answered);
  EXPECT_THAT(login.authorization({"GET", "/"}), StartsWith("Basic "));
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
          mine.push_back(login.authorization({"GET", "/"}));
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
  EXPECT_THAT(login.authorization({"GET", "/"}), HasSubstr("nc=00000001"));
  EXPECT_THAT(login.authorization({"GET", "/"}), HasSubstr("nc=00000002"));
}

TEST(ProxyLogin, takes_a_stale_nonce_for_no_refusal_and_everything_else_for_one) {
  ProxyLogin login("user", "secret");
  EXPECT_TRUE(login.answer({{"Proxy-Authenticate", digest_md5}}, ""));
  const std::string sent = login.authorization({"GET", "/"});
  EXPECT_FALSE(login.answer({{"Proxy-Authenticate", digest_md5}}, sent));
  EXPECT_TRUE(login.answer({{"Proxy-Authenticate", std::string(digest_md5) + ", stale=TRUE"}}, sent));
  EXPECT_THAT(login.authorization({"GET", "/"}), HasSubstr("nc=00000002"));  // of the same nonce
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
