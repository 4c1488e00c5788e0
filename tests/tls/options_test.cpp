// SPDX-License-Identifier: BSL-1.0

// TlsOptions: what is wrong with them is said when the client is made, and what they are is part of the
// route.

#include "tests/support/temporary_directory.hpp"
#include "tests/tls/tls_test.hpp"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

namespace headway::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class TlsOptionsTest : public ::testing::Test {
 protected:
  static std::string refusal_of(const TlsOptions& options) {
    try {
      const Client client({.tls = options});
    } catch (const std::system_error& refused) {
      EXPECT_EQ(refused.code(), Error::invalid_option);
      EXPECT_EQ(refused.code(), Condition::usage);
      return refused.what();
    }
    return "";
  }
  std::string file(const std::string& name, const std::string& text) const {
    directory.write(name, text);
    return directory.path() / name;
  }
  static HttpRoute route_with(const TlsOptions& options) {
    return Client({.tls = options}).route("https://a.test/");
  }

  Authority authority;
  Credentials credentials = authority.issue();
  TemporaryDirectory directory;
};

TEST_F(TlsOptionsTest, name_a_file_that_is_not_there) {
  EXPECT_THAT(refusal_of({.ca_file = "/nowhere/ca.pem"}),
              StartsWith("tls.ca_file: /nowhere/ca.pem: No such file"));
  EXPECT_THAT(refusal_of({.crl_file = "/nowhere/crl"}), StartsWith("tls.crl_file: "));
  EXPECT_THAT(refusal_of({.certificate_file = "/nowhere/c"}), StartsWith("tls.certificate_file: "));
  EXPECT_THAT(refusal_of({.key_log_file = "/nowhere/keys"}), StartsWith("tls.key_log_file: "));
  EXPECT_THAT(refusal_of({.ca_directory = "/nowhere"}), StartsWith("tls.ca_directory: "));
}

TEST_F(TlsOptionsTest, name_a_server_name_that_stands_for_others) {
  EXPECT_THAT(refusal_of({.server_name = ".test"}), StartsWith("tls.server_name: "));
  EXPECT_THAT(refusal_of({.server_name = std::string(256, 'a')}), StartsWith("tls.server_name: "));
  EXPECT_EQ(refusal_of({.server_name = std::string(255, 'a')}), "");
}

TEST_F(TlsOptionsTest, keep_the_log_of_keys_for_its_owner) {
  const std::string keys = directory.path() / "secret keys";
  const Client client({.tls = {.key_log_file = keys}});
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(keys).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(TlsOptionsTest, name_a_file_that_is_empty) {  // it would switch off what it is for
  const std::string empty = file("empty", "");
  EXPECT_THAT(refusal_of({.ca_file = empty}), StartsWith("tls.ca_file: "));
  EXPECT_THAT(refusal_of({.crl_file = empty}), StartsWith("tls.crl_file: "));
  EXPECT_THAT(refusal_of({.certificate_file = empty}), StartsWith("tls.certificate_file: "));
}

TEST_F(TlsOptionsTest, never_let_a_suite_without_a_certificate_in) {
  int suites = 0;
  const Client client({.tls = {.ciphers = "ALL:@SECLEVEL=0", .on_context = [&](ssl_ctx_st* context) {
                                 const auto* const all = SSL_CTX_get_ciphers(context);
                                 suites = sk_SSL_CIPHER_num(all);
                                 for (int i = 0; i < suites; ++i) {
                                   EXPECT_NE(SSL_CIPHER_get_auth_nid(sk_SSL_CIPHER_value(all, i)),
                                             NID_auth_null);
                                 }
                               }}});
  EXPECT_GT(suites, 0);
}

TEST_F(TlsOptionsTest, let_the_hook_make_a_client) {  // pool rule 22
  bool made = false;
  const Client client({.tls = {.on_context = [&](ssl_ctx_st*) {
                         const Client inner({.tls = {.ca_pem = authority.certificate()}});
                         made = true;
                       }}});
  EXPECT_TRUE(made);
}

TEST_F(TlsOptionsTest, name_pem_that_is_none) {
  EXPECT_THAT(refusal_of({.ca_pem = "hello"}), StartsWith("tls.ca_pem: no certificate in it"));
  EXPECT_THAT(refusal_of({.ca_file = file("ca", "hello")}), StartsWith("tls.ca_file: no certificate in it"));
  EXPECT_THAT(refusal_of({.ca_pem = authority.certificate() + "-----BEGIN CERTIFICATE-----\n????\n"}),
              StartsWith("tls.ca_pem: "));
  EXPECT_THAT(refusal_of({.crl_file = file("crl", "hello")}), StartsWith("tls.crl_file: no revocation list"));
  EXPECT_THAT(refusal_of({.certificate_pem = "hello"}), StartsWith("tls.certificate_pem: "));
}

TEST_F(TlsOptionsTest, name_the_one_of_two_sources_that_has_no_certificate) {
  const std::string good = authority.certificate();
  EXPECT_THAT(refusal_of({.ca_file = file("ca", "hello"), .ca_pem = good}), StartsWith("tls.ca_file: "));
  EXPECT_THAT(refusal_of({.ca_file = file("ca", good), .ca_pem = "hello"}), StartsWith("tls.ca_pem: "));
}

TEST_F(TlsOptionsTest, name_a_key_that_does_not_fit) {
  const Credentials other = authority.issue();
  EXPECT_THAT(refusal_of({.certificate_pem = credentials.certificate, .private_key_pem = other.key}),
              StartsWith("tls.private_key_pem: "));
  EXPECT_THAT(refusal_of({.certificate_pem = credentials.certificate}),
              StartsWith("tls.certificate_pem: no private key in it"));
  EXPECT_THAT(refusal_of({.certificate_pem = credentials.certificate + other.key}),
              AllOf(StartsWith("tls.certificate_pem: "), HasSubstr("mismatch")));
  const std::string broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  EXPECT_THAT(refusal_of({.certificate_pem = credentials.certificate + broken}),
              AllOf(StartsWith("tls.certificate_pem: "), Not(HasSubstr("no private key"))));
  EXPECT_THAT(refusal_of({.private_key_pem = other.key}),
              StartsWith("tls.private_key_pem: has no certificate"));
  EXPECT_EQ(refusal_of({.certificate_pem = credentials.both()}), "");
}

TEST_F(TlsOptionsTest, name_a_password_of_a_key_that_stands_with_the_certificate) {
  const std::string both = credentials.certificate + encrypted_key(credentials, "sesame");
  EXPECT_THAT(refusal_of({.certificate_pem = both}), StartsWith("tls.private_key_password: "));
}

TEST_F(TlsOptionsTest, name_a_password_that_is_wrong_or_missing) {
  const std::string key = encrypted_key(credentials, "sesame");
  TlsOptions options{.certificate_pem = credentials.certificate, .private_key_pem = key};
  EXPECT_THAT(refusal_of(options), StartsWith("tls.private_key_password: "));
  options.private_key_password = "open";
  EXPECT_THAT(refusal_of(options), StartsWith("tls.private_key_password: "));
  options.private_key_password = "sesame";
  EXPECT_EQ(refusal_of(options), "");
}

TEST_F(TlsOptionsTest, name_a_cipher_that_is_unknown) {
  EXPECT_THAT(refusal_of({.ciphers = "ROT13"}), StartsWith("tls.ciphers: "));
  EXPECT_THAT(refusal_of({.cipher_suites = "TLS_ROT13"}), StartsWith("tls.cipher_suites: "));
}

TEST_F(TlsOptionsTest, name_a_pin_that_is_none) {
  EXPECT_THAT(refusal_of({.pinned_keys = {"abc"}}), StartsWith("tls.pinned_keys: \"abc\""));
  EXPECT_THAT(refusal_of({.pinned_keys = {std::string(43, '?') + '='}}), StartsWith("tls.pinned_keys: "));
}

TEST_F(TlsOptionsTest, take_one_thing_from_one_place) {
  EXPECT_THAT(refusal_of({.certificate_file = file("c", credentials.both()), .certificate_pem = "x"}),
              HasSubstr("given as a file and in memory"));
}

TEST_F(TlsOptionsTest, are_part_of_the_route) {  // pool rule 1
  const HttpRoute plain = route_with({});
  EXPECT_EQ(plain, HttpRoute("https", "a.test"));
  std::vector<HttpRoute> all{plain};
  const std::vector<TlsOptions> different = {
      {.ca_pem = authority.certificate()},
      {.ca_directory = "/"},
      {.crl_file = file("crl", authority.revocation_list({}))},
      {.certificate_pem = credentials.both()},
      {.min_version = TlsVersion::tls_1_3},
      {.ciphers = "ECDHE-RSA-AES128-GCM-SHA256"},
      {.cipher_suites = "TLS_AES_128_GCM_SHA256"},
      {.pinned_keys = {pin_of(credentials)}},
      {.server_name = "b.test"},
      {.peer = TlsPeerCheck::dangerously_unverified},
      {.resumption = TlsResumption::disabled},
      {.key_log_file = directory.path() / "keys"},
      {.on_context = [](ssl_ctx_st*) {}},
      {.on_context = [](ssl_ctx_st*) {}},
  };
  for (const TlsOptions& options : different) {
    const HttpRoute route = route_with(options);
    for (const HttpRoute& other : all) EXPECT_NE(route, other);
    all.push_back(route);
  }
}

TEST_F(TlsOptionsTest, are_equal_where_all_they_say_is) {
  const TlsOptions in_memory{.ca_pem = authority.certificate(), .server_name = "b.test"};
  EXPECT_EQ(route_with(in_memory), route_with(in_memory));
  const std::string ca = file("ca", authority.certificate());
  const HttpRoute before = route_with({.ca_file = ca});
  EXPECT_EQ(before, route_with({.ca_file = ca}));
  file("ca", Authority("another").certificate());
  EXPECT_NE(before, route_with({.ca_file = ca}));
  const std::string folder = directory.path();
  const HttpRoute of_folder = route_with({.ca_directory = folder});
  EXPECT_EQ(of_folder, route_with({.ca_directory = folder}));
  file("added", authority.certificate());
  EXPECT_NE(of_folder, route_with({.ca_directory = folder}));
}

TEST_F(TlsOptionsTest, leave_plain_http_alone) {
  const Client client({.tls = {.server_name = "b.test"}});
  EXPECT_EQ(client.route("http://a.test/"), HttpRoute("http", "a.test"));
}

class TlsClient : public TlsTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, TlsClient, all_flavours(), flavour_name);

TEST_P(TlsClient, shares_no_connection_across_settings) {  // pool rule 1
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, &echo_targets));
  const auto pool = std::make_shared<PoolingConnectionManager>();
  ClientOptions careless = trusting();
  careless.tls.peer = TlsPeerCheck::dangerously_unverified;
  Client one(pool, trusting()), same(pool, trusting()), other(pool, careless);
  EXPECT_EQ(get(one, https(server)).response.body, "/");
  EXPECT_TRUE(get(same, https(server)).response.info.connection_reused);
  EXPECT_FALSE(get(other, https(server)).response.info.connection_reused);
  EXPECT_EQ(server.connections_accepted(), 2);
  EXPECT_EQ(pool->stats(other.route(https(server))).available, 1U);
}

TEST_P(TlsClient, shows_its_certificate_with_an_encrypted_key) {
  const Credentials mine = authority.issue({.common_name = "client"});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsServerSettings settings(authority.issue(),
                                     {.max_version = version, .client_authority = authority.certificate()});
    LoopbackServer server(over_tls(settings, &echo_targets));
    ClientOptions options = trusting();
    options.tls.certificate_pem = mine.certificate;
    options.tls.private_key_pem = encrypted_key(mine, "sesame");
    options.tls.private_key_password = "sesame";
    Client client(options);
    EXPECT_EQ(get(client, https(server, "/in")).response.body, "/in");
  }
}

TEST_P(TlsClient, logs_keys_only_where_asked_to) {
  const TemporaryDirectory directory;
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, &echo_targets));
  ClientOptions options = trusting();
  options.tls.key_log_file = directory.path() / "keys";
  options.tls.on_context = [](ssl_ctx_st* context) { SSL_CTX_set_app_data(context, nullptr); };
  Client client(options);
  EXPECT_EQ(get(client, https(server)).response.body, "/");
  EXPECT_THAT(directory.read("keys"), HasSubstr("CLIENT_TRAFFIC_SECRET_0 "));
}

TEST_P(TlsClient, lets_a_hook_at_its_context) {
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, [](TlsPeer& peer) {
    peer.read_request();
    peer.write(response(200, peer.version() == TLS1_2_VERSION ? "1.2" : "1.3"));
  }));
  ClientOptions options = trusting();
  options.tls.on_context = [](ssl_ctx_st* context) {
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  };
  Client client(options);
  EXPECT_EQ(get(client, https(server)).response.body, "1.2");
}

TEST_P(TlsClient, goes_without_settings_that_nobody_has_any_more) {
  const auto pool = std::make_shared<PoolingConnectionManager>();
  HttpRoute route;
  {
    const Client gone(pool, trusting());
    route = gone.route("https://127.0.0.1:1/");
  }
  std::error_code ec;
  pool->lease(route, {}, ec);
  EXPECT_EQ(ec, Error::invalid_option);
}

}  // namespace
}  // namespace headway::testing
