// SPDX-License-Identifier: BSL-1.0

// Requests over a Unix socket, to a real nginx.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"

#include <gmock/gmock.h>

#include <string>

namespace headway::testing {
namespace {

using ::testing::HasSubstr;

class NginxUnixSocketTest : public ClientTest {
 protected:
  static NginxOptions options() {
    NginxOptions options;
    options.unix_socket = true;
    options.server_config =
        "location / { return 200 '$host $server_addr'; }\n"
        "location = /close { keepalive_timeout 0; return 200 'closed'; }";
    return options;
  }
  Nginx nginx{options()};
};

TEST_P(NginxUnixSocketTest, a_request_goes_there_whatever_host_it_names) {  // scenario 130
  Client client{{.unix_socket = nginx.unix_socket()}};
  const Outcome outcome = get(client, "http://api.local/");
  EXPECT_FALSE(outcome.error) << outcome.what;
  EXPECT_EQ(outcome.response.body, "api.local unix:" + nginx.unix_socket());
}

TEST_P(NginxUnixSocketTest, connections_are_kept_and_closed_like_others) {  // scenario 130
  Client client{{.unix_socket = nginx.unix_socket()}};
  EXPECT_FALSE(get(client, "http://api.local/").response.info.connection_reused);
  EXPECT_TRUE(get(client, "http://api.local/").response.info.connection_reused);
  EXPECT_EQ(get(client, "http://api.local/close").response.body, "closed");
  EXPECT_FALSE(get(client, "http://api.local/").response.info.connection_reused);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(NginxUnixSocketTest, a_restarted_server_is_found_again) {  // scenario 130
  Client client{{.unix_socket = nginx.unix_socket()}};
  get(client, "http://api.local/");
  nginx.restart();
  const Outcome outcome = get(client, "http://api.local/");
  EXPECT_EQ(outcome.response.status, 200) << outcome.what;
}

TEST_P(NginxUnixSocketTest, one_pool_keeps_it_apart_from_the_network) {  // pool rule 1; scenario 130
  const auto pool = std::make_shared<PoolingConnectionManager>();
  Client local{pool, {.unix_socket = nginx.unix_socket()}};
  Client network{pool};
  EXPECT_THAT(get(local, nginx.url()).response.body, HasSubstr("unix:"));
  const Outcome outcome = get(network, nginx.url());
  EXPECT_FALSE(outcome.response.info.connection_reused);
  EXPECT_EQ(outcome.response.body, "127.0.0.1 127.0.0.1");
}

TEST_P(NginxUnixSocketTest, a_server_that_is_gone_is_named_by_its_path) {  // scenario 130
  Client client{{.retry_strategy = NeverRetry{}, .unix_socket = nginx.unix_socket()}};
  nginx.stop();
  const Outcome outcome = get(client, "http://api.local/");
  EXPECT_TRUE(outcome.error == Condition::connect);
  if (!outcome.what.empty()) {
    EXPECT_THAT(outcome.what, HasSubstr(nginx.unix_socket()));
  }
}

INSTANTIATE_TEST_SUITE_P(Flavours, NginxUnixSocketTest, all_flavours(), flavour_name);

}  // namespace
}  // namespace headway::testing
