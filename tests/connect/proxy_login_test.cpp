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

constexpr auth::Asking get{"GET", "/"};
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
    EXPECT_EQ(login.answer({{"Proxy-Authenticate", "Basic realm=\"x\""}}, "", get), expected);
    EXPECT_EQ(login.authorization(get), expected);
  }
}

TEST(ProxyLogin, prefers_digest_to_basic_and_sha_256_to_md5) {
  ProxyLogin login("user", "secret");
  const Headers asked = {{"Proxy-Authenticate", std::string("Basic realm=\"x\", ") + digest_md5},
                         {"Proxy-Authenticate",
                          "Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", "
                          "algorithm=SHA-256"}};
  EXPECT_THAT(login.answer(asked, "", get),
              AllOf(StartsWith("Digest "), HasSubstr("algorithm=SHA-256"), Not(HasSubstr("secret"))));
}

TEST(ProxyLogin, takes_what_the_systems_policy_allows) {
  const std::string both = std::string("Basic realm=\"x\", ") + digest_md5;
  EVP_set_default_properties(nullptr, "fips=yes");  // no such provider is loaded, so no hash is allowed
  ProxyLogin login("user", "secret");
  const std::string answered = login.answer({{"Proxy-Authenticate", both}}, "", get);
  EVP_set_default_properties(nullptr, "");
  EXPECT_THAT(answered, StartsWith("Basic "));
}

Headers asks(const std::string& nonce, const std::string& more = "") {
  return {{"Proxy-Authenticate", "Digest realm=\"r\", nonce=\"" + nonce + "\", qop=\"auth\"" + more}};
}
const char* const stale = ", stale=TRUE";

/// A login whose nonce "n1" the proxy has accepted once.
struct KnownLogin {
  ProxyLogin login{"user", "secret"};
  KnownLogin() { login.accepted(login.answer(asks("n1"), "", get)); }
};

TEST(ProxyLogin, counts_each_use_once_for_all_threads) {
  KnownLogin known;
  constexpr int threads = 4, uses = 200;
  std::array<std::vector<std::string>, threads> values;
  {
    std::vector<std::jthread> running;
    for (std::vector<std::string>& mine : values) {
      running.emplace_back([&] {
        for (int i = 0; i < uses; ++i) {
          mine.push_back(known.login.authorization(get));
          mine.push_back(known.login.answer(asks("n1", stale), mine.back(), get));  // of the same nonce
        }
      });
    }
  }
  std::set<std::string> counts;
  for (const std::vector<std::string>& mine : values) {
    for (const std::string& value : mine) counts.insert(value.substr(value.find("nc="), 11));
  }
  EXPECT_EQ(counts.size(), std::size_t{2 * threads * uses});
  EXPECT_THAT(counts, ::testing::Contains("nc=00000641"));
}

TEST(ProxyLogin, shares_a_nonce_once_it_was_accepted) {  // pool rule 62
  ProxyLogin login("user", "secret");
  const std::string answer = login.answer(asks("n1"), "", get);
  EXPECT_THAT(answer, HasSubstr("nc=00000001"));
  EXPECT_EQ(login.authorization(get), "");  // a use that overtook the first would spoil it
  login.accepted(answer);
  EXPECT_THAT(login.authorization(get), AllOf(HasSubstr("\"n1\""), HasSubstr("nc=00000002")));
  EXPECT_THAT(login.authorization(get), HasSubstr("nc=00000003"));
}

TEST(ProxyLogin, answers_each_challenge_with_its_own_nonce) {  // scenario 120
  KnownLogin known;
  const std::string one = known.login.authorization(get), other = known.login.authorization(get);
  const std::string answer = known.login.answer(asks("n2"), one, get);  // its count came late: not a refusal
  EXPECT_THAT(answer, AllOf(HasSubstr("\"n2\""), HasSubstr("nc=00000001")));
  EXPECT_EQ(known.login.authorization(get), "");  // the old one is dead, the new one not known to be good
  known.login.accepted(answer);
  EXPECT_THAT(known.login.answer(asks("n3", stale), other, get), HasSubstr("\"n3\""));
  EXPECT_THAT(known.login.authorization(get), HasSubstr("\"n2\""));  // which n3 does not replace
}

TEST(ProxyLogin, takes_a_stale_nonce_for_no_refusal_and_everything_else_for_one) {
  ProxyLogin login("user", "secret");
  const std::string sent = login.answer(asks("n1"), "", get);
  EXPECT_EQ(login.answer(asks("n2"), sent, get), "");
  EXPECT_THAT(login.answer(asks("n1", stale), sent, get), HasSubstr("nc=00000002"));    // of the same nonce
  EXPECT_EQ(login.answer({{"Proxy-Authenticate", "Basic realm=\"x\""}}, "", get), "");  // it knows better
  EXPECT_EQ(login.answer({{"Proxy-Authenticate", "Negotiate"}}, "", get), "");
  EXPECT_EQ(login.answer({}, "", get), "");
  ProxyLogin basic("user", "secret");
  EXPECT_EQ(basic.answer({{"Proxy-Authenticate", "Basic realm=\"x\""}}, "Basic dTpw", get), "");
}

TEST(ProxyLogins, of_too_many_proxies_are_not_kept) {
  ProxyLogins logins;
  std::string wrong;
  const auto of = [&](int i) {
    return logins.of(*ProxyUrl::parse("http://u:a@p" + std::to_string(i), wrong));
  };
  const auto first = of(0);
  for (int i = 1; i < 64; ++i) of(i);
  EXPECT_NE(of(64), of(64));
  EXPECT_EQ(of(0), first);
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
