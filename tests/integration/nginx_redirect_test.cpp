// SPDX-License-Identifier: BSL-1.0

// Redirects of nginx's making, within it and between two of its ports.

#include "tests/client/client_fixture.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/tls_nginx.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

class RedirectsOfNginx : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, RedirectsOfNginx, all_flavours(), flavour_name);

NginxOptions redirecting() {
  NginxOptions options;
  options.ports = 2;
  options.server_config = R"(
    absolute_redirect off;
    location /end { return 200 "$request_method $http_authorization\n"; }
    location /moved { return 301 /end; }
    location /found { return 302 /end; }
    location /other { return 303 /end; }
    location /temporary { return 307 /end; }
    location /permanent { return 308 end#part; }
    location /circle { return 302 /circle; }
    location /away { return 302 $arg_to; })";
  return options;
}

TEST_P(RedirectsOfNginx, lead_to_the_end_on_one_connection) {  // pool scenarios 113 and 116
  Nginx nginx(redirecting());
  Client client;
  int asked = 0;
  for (const char* path : {"/moved", "/found", "/other", "/temporary", "/permanent"}) {
    for (const char* method : {"GET", "POST"}) {
      const Outcome got = ask(client, {.method = method, .url = nginx.url(path)});
      const bool stays = path == std::string("/temporary") || path == std::string("/permanent");
      EXPECT_EQ(got.response.body, std::string(stays ? method : "GET") + " \n") << path;
      ASSERT_EQ(got.response.info.redirects.size(), 1u) << path;
      EXPECT_EQ(got.response.info.redirects[0].url, nginx.url(path));
      asked += 2;
    }
  }
  EXPECT_EQ(connection_count(nginx.access_log(static_cast<std::size_t>(asked))), 1u);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(RedirectsOfNginx, in_a_circle_end_at_once) {
  Nginx nginx(redirecting());
  Client client;
  EXPECT_EQ(get(client, nginx.url("/circle")).error, Error::redirect_loop);
  EXPECT_EQ(nginx.access_log(1).size(), 1u);
}

TEST_P(RedirectsOfNginx, take_credentials_no_further_than_their_port) {  // pool scenario 114
  Nginx nginx(redirecting());
  Client client;
  const auto end_of = [&](const std::string& to) {
    return ask(client, {.url = nginx.url("/away?to=" + to), .headers = {{"Authorization", "secret"}}});
  };
  EXPECT_EQ(end_of(nginx.url("/end")).response.body, "GET secret\n");
  const Outcome other = end_of(nginx.url("/end", 1));
  EXPECT_EQ(other.response.body, "GET \n");
  EXPECT_EQ(other.response.info.effective_url, nginx.url("/end", 1));
}

TEST_P(RedirectsOfNginx, from_https_to_http_are_refused_unless_allowed) {
  Authority authority;
  Nginx plain(redirecting());
  TlsNginx secure(authority, "location / { return 302 " + plain.url("/end") + "; }");
  ClientOptions options;
  options.tls.ca_pem = authority.certificate();
  Client careful(options);
  EXPECT_EQ(get(careful, secure.url()).error, Error::insecure_redirect);
  options.redirects.downgrade = Downgrade::allow;
  Client careless(options);
  EXPECT_EQ(ask(careless, {.url = secure.url(), .headers = {{"Authorization", "secret"}}}).response.body,
            "GET \n");
}

}  // namespace
}  // namespace headway::testing
