// SPDX-License-Identifier: BSL-1.0
#include "src/auth/digest_auth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway::auth {
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
  const std::string md5 = digest_authorization(*rfc_challenge("MD5"), mufasa, {"GET", "/dir/index.html"});
  EXPECT_THAT(
      md5, AllOf(StartsWith("Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\""),
                 HasSubstr("uri=\"/dir/index.html\""), HasSubstr("algorithm=MD5"), HasSubstr("nc=00000001"),
                 HasSubstr("qop=auth"), HasSubstr("response=\"8ca523f5e9506fed4657c9700eebdbec\""),
                 HasSubstr("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")));
  EXPECT_THAT(digest_authorization(*rfc_challenge("SHA-256"), mufasa, {"GET", "/dir/index.html"}),
              HasSubstr("response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
}

TEST(Digest, of_a_session_binds_the_secret_to_both_nonces) {
  const std::string secret =
      digest(Hash::md5, digest(Hash::md5, "Mufasa:http-auth@example.org:Circle of Life") + ':' +
                            std::string(rfc_nonce) + ':' + std::string(mufasa.cnonce));
  const std::string expected =
      digest(Hash::md5, secret + ':' + std::string(rfc_nonce) + ":00000001:" + std::string(mufasa.cnonce) +
                            ":auth:" + digest(Hash::md5, "GET:/"));
  EXPECT_THAT(digest_authorization(*rfc_challenge("MD5-sess"), mufasa, {"GET", "/"}),
              AllOf(HasSubstr("response=\"" + expected), HasSubstr("algorithm=MD5-sess")));
  EXPECT_EQ(rfc_challenge("sha-256-SESS")->hash, Hash::sha256);
  EXPECT_TRUE(rfc_challenge("sha-256-SESS")->session);
}

TEST(Digest, answers_for_a_user_without_a_name) {
  const auto challenge =
      DigestChallenge::of(parse_challenges("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"").at(0));
  EXPECT_THAT(
      digest_authorization(*challenge, {.user = "", .password = "secret", .cnonce = "c"}, {"GET", "/"}),
      HasSubstr("response=\"b0fa6385754ffb3b16a4b235436d6b77\""));
}

TEST(Digest, escapes_what_would_end_a_quoted_string) {
  DigestLogin odd = mufasa;
  odd.user = "a\"b\\c";
  EXPECT_THAT(digest_authorization(*rfc_challenge("MD5"), odd, {"GET", "/"}),
              HasSubstr("username=\"a\\\"b\\\\c\""));
}

TEST(Digest, of_another_kind_is_not_answered) {
  EXPECT_FALSE(rfc_challenge("SHA-3"));
  for (const char* value : {"Digest qop=\"auth\"", "Digest nonce=\"x\"",
                            "Digest nonce=\"x\", qop=\"auth-conf\"", "Basic nonce=\"x\", qop=\"auth\""}) {
    EXPECT_FALSE(DigestChallenge::of(parse_challenges(value).at(0))) << value;
  }
}

// The exchange of RFC 7616 section 3.9.2, with the hashes of its erratum 4897.
TEST(Digest, answers_by_sha_512_256_and_hides_the_user) {
  const auto challenge = DigestChallenge::of(
      parse_challenges(
          "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256,"
          " nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\","
          " opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true")
          .at(0));
  const DigestLogin jason{.user = "J\xc3\xa4s\xc3\xb8n Doe",
                          .password = "Secret, or not?",
                          .cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"};
  EXPECT_THAT(
      digest_authorization(*challenge, jason, {"GET", "/doe.json"}),
      AllOf(HasSubstr("username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\""),
            HasSubstr("response=\"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5\""),
            HasSubstr("userhash=true")));
}

TEST(Digest, encodes_a_user_that_a_quoted_string_has_no_room_for) {
  DigestLogin jason = mufasa;
  jason.user = "J\xc3\xa4s\xc3\xb8n Doe";
  EXPECT_THAT(
      digest_authorization(*rfc_challenge("MD5"), jason, {"GET", "/"}),
      AllOf(StartsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, "), Not(HasSubstr("userhash"))));
}

TEST(Digest, takes_in_the_body_where_the_server_wants_that_alone) {
  const auto challenge =
      DigestChallenge::of(parse_challenges("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"").at(0));
  ASSERT_TRUE(challenge);
  const std::string with_body = digest(Hash::md5, "POST:/:" + digest(Hash::md5, "order"));
  const std::string expected =
      digest(Hash::md5, digest(Hash::md5, "Mufasa:r:Circle of Life") +
                            ":n:00000001:" + std::string(mufasa.cnonce) + ":auth-int:" + with_body);
  EXPECT_THAT(digest_authorization(*challenge, mufasa, {"POST", "/", "order"}),
              AllOf(HasSubstr("response=\"" + expected), HasSubstr("qop=auth-int")));
  EXPECT_EQ(digest_authorization(*challenge, mufasa, {"POST", "/", std::nullopt}), "");
  EXPECT_THAT(digest_authorization(*rfc_challenge("MD5"), mufasa, {"POST", "/", std::nullopt}),
              HasSubstr("qop=auth,"));
}

}  // namespace
}  // namespace headway::auth
