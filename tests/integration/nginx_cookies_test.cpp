// SPDX-License-Identifier: BSL-1.0

// Cookies of a real nginx.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

class NginxCookies : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, NginxCookies, all_flavours(), flavour_name);

TEST_P(NginxCookies, are_kept_sent_back_and_given_up) {
  const Nginx nginx({.server_config = "location /set { add_header Set-Cookie 'a=1; Max-Age=60; HttpOnly';"
                                      " add_header Set-Cookie 'b=2; Path=/'; return 204; }"
                                      "location /unset { add_header Set-Cookie 'b=; Path=/; Max-Age=0';"
                                      " return 302 /; }"
                                      "location / { return 200 \"$http_cookie $cookie_a$cookie_b\"; }"});
  ClientOptions options;
  options.cookies = std::make_shared<CookieJar>();
  Client client(options);
  EXPECT_EQ(get(client, nginx.url("/set")).response.status, 204);
  EXPECT_EQ(get(client, nginx.url("/")).response.body, "a=1; b=2 12");
  EXPECT_EQ(get(client, nginx.url("/unset")).response.body, "a=1 1");
  ASSERT_EQ(options.cookies->cookies().size(), 1u);
  EXPECT_TRUE(options.cookies->cookies()[0].http_only);
}

}  // namespace
}  // namespace headway::testing
