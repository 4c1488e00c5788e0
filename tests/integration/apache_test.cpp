// SPDX-License-Identifier: BSL-1.0

// Logins to a real Apache httpd, and its content negotiation.

#include "tests/support/apache.hpp"

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

class ApachePeers : public ClientTest {
 protected:
  static Client knowing(const Apache& apache, const Credential& credential) {
    ClientOptions options;
    options.credentials = {{apache.url(""), credential}};
    return Client(options);
  }
  static constexpr const char* page = "for those who say who they are";
};

INSTANTIATE_TEST_SUITE_P(Flavours, ApachePeers, all_flavours(), flavour_name);

TEST_P(ApachePeers, take_basic_logins) {
  const Apache apache;
  Client client = knowing(apache, Basic{"user", "secret"});
  const Outcome got = get(client, apache.url("/basic/page"));
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.body, page);
  EXPECT_EQ(got.response.info.attempts, 2);
  EXPECT_EQ(get(client, apache.url("/basic/page")).response.info.attempts, 1);
  EXPECT_EQ(client.pool().stats().opened, 1u);
  Client stranger = knowing(apache, Basic{"user", "wrong"});
  EXPECT_EQ(get(stranger, apache.url("/basic/page")).response.status, 401);
  Client nobody;
  EXPECT_EQ(get(nobody, apache.url("/basic/page", "user:secret")).response.body, page);
}

TEST_P(ApachePeers, take_digest_logins) {
  const Apache apache;
  for (const Credential& credential :
       {Credential(Digest{"user", "secret"}), Credential(Password{"user", "secret"})}) {
    Client client = knowing(apache, credential);
    for (int i = 0; i < 5; ++i) {  // the same nonce, counted
      const Outcome got = get(client, apache.url("/digest/page"));
      ASSERT_FALSE(got.error) << got.error.message();
      EXPECT_EQ(got.response.body, page);
      EXPECT_EQ(got.response.info.attempts, i == 0 ? 2 : 1);
    }
    EXPECT_EQ(get(client, apache.url("/digest/page?with=query")).response.body, page);
  }
  Client stranger = knowing(apache, Digest{"user", "wrong"});
  EXPECT_EQ(get(stranger, apache.url("/digest/page")).response.status, 401);
}

TEST_P(ApachePeers, negotiate_what_they_send) {
  const Apache apache;
  for (const auto& [language, text] : {std::pair("de", "Guten Tag"), std::pair("en, de;q=0.5", "Good day")}) {
    Client client;
    Request request{.url = apache.url("/hello")};
    request.headers.set("Accept-Language", language);
    const Outcome got = ask(client, request);
    ASSERT_FALSE(got.error) << got.error.message();
    EXPECT_EQ(got.response.body, text);
    EXPECT_EQ(got.response.headers["Content-Language"], std::string_view(language).substr(0, 2));
  }
  Client client;
  Request request{.url = apache.url("/hello")};
  request.headers.set("Accept", "image/png");
  EXPECT_EQ(ask(client, request).response.status, 406);
}

}  // namespace
}  // namespace headway::testing
