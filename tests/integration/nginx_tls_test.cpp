// SPDX-License-Identifier: BSL-1.0

// https against nginx: what nginx says of its connections must be what the client believes.

#include "tests/client/client_fixture.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_nginx.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

using ::testing::HasSubstr;

class TlsOfNginx : public ClientTest {
 protected:
  ClientOptions trusting() const { return {.tls = {.ca_pem = authority.certificate()}}; }
  std::string body_of(Client& client, const std::string& url) const {
    const Outcome outcome = get(client, url);
    return outcome.error ? outcome.error.message() + outcome.what : outcome.response.body;
  }

  Authority authority;
};

INSTANTIATE_TEST_SUITE_P(Flavours, TlsOfNginx, all_flavours(), flavour_name);

TEST_P(TlsOfNginx, asks_a_hundred_times_over_one_connection) {  // pool rule 36, scenario 1
  for (const std::string version : {"TLSv1.2", "TLSv1.3"}) {
    TlsNginx nginx(authority, "ssl_protocols " + version + "; return 200 $ssl_protocol;");
    Client client(trusting());
    for (int i = 0; i < 100; ++i) ASSERT_EQ(body_of(client, nginx.url()), version);
    EXPECT_EQ(connection_count(nginx.plain().access_log(100)), 1U);
  }
}

TEST_P(TlsOfNginx, resumes_a_session_on_every_connection_but_the_first) {  // pool rule 63, scenario 127
  for (const std::string version : {"TLSv1.2", "TLSv1.3"}) {
    TlsNginx nginx(authority, "ssl_protocols " + version +
                                  "; keepalive_requests 1; location / { return 200 $ssl_session_reused; }");
    Client client(trusting());
    EXPECT_EQ(body_of(client, nginx.url()), ".");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(body_of(client, nginx.url()), "r");
    EXPECT_EQ(connection_count(nginx.plain().access_log(6)), 6U);
    EXPECT_TRUE(eventually([&] { return client.pool().stats().closing == 0; }));
  }
}

TEST_P(TlsOfNginx, is_asked_over_a_unix_socket) {  // scenario 130
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "tls.sock";
  TlsNginx nginx(authority, "listen unix:" + path + " ssl; return 200 $server_addr;");
  ClientOptions options = trusting();
  options.unix_socket = path;
  Client client(options);
  EXPECT_EQ(body_of(client, "https://localhost/"), "unix:" + path);
  EXPECT_THAT(body_of(client, "https://elsewhere.test/"), HasSubstr("not for this host"));
}

TEST_P(TlsOfNginx, shows_a_client_certificate) {
  const Credentials mine = authority.issue({.common_name = "client"});
  TlsNginx nginx(authority, "ssl_verify_client on; return 200 '$ssl_client_verify $ssl_client_s_dn';");
  ClientOptions options = trusting();
  options.tls.certificate_pem = mine.both();
  Client client(options);
  EXPECT_EQ(body_of(client, nginx.url()), "SUCCESS CN=client");
  Client without(trusting());
  EXPECT_THAT(body_of(without, nginx.url()), HasSubstr("No required SSL certificate was sent"));
}

TEST_P(TlsOfNginx, reads_a_large_file) {
  TlsNginx nginx(authority, "");
  std::string large(8 * 1024 * 1024, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  nginx.write_file("large", large);
  Client client(trusting());
  EXPECT_TRUE(body_of(client, nginx.url("/large")) == large);
}

TEST_P(TlsOfNginx, tells_a_port_for_plain_http) {  // scenario 126
  TlsNginx nginx(authority, "return 200 x;");
  Client client(trusting());
  const std::string plain = nginx.plain().url();
  EXPECT_EQ(get(client, "https" + plain.substr(4)).error, Error::tls_not_spoken);
  EXPECT_EQ(get(client, nginx.misdirected_url()).response.status, 400);
}

}  // namespace
}  // namespace headway::testing
