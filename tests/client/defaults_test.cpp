// SPDX-License-Identifier: BSL-1.0

// What a client adds to each of its requests, as servers see it.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

class Defaults : public ClientTest {
 protected:
  Recorder seen_;
  LoopbackServer server_{record(seen_)};
};

INSTANTIATE_TEST_SUITE_P(Flavours, Defaults, all_flavours(), flavour_name);

TEST_P(Defaults, are_a_user_agent_and_codings_and_nothing_more) {
  Client client;
  get(client, server_.url());
  EXPECT_TRUE(seen_.last().header("User-Agent")->starts_with("headway/"));
  EXPECT_EQ(seen_.last().header_lines.size(), 4u);  // Host, User-Agent, Accept, Accept-Encoding
  Client plain{{.decoding = ContentDecoding::off}};
  get(plain, server_.url());
  EXPECT_EQ(seen_.last().header_lines.size(), 3u);
}

TEST_P(Defaults, may_have_another_user_agent_or_none) {
  Client other{{.user_agent = "tracer/1.0"}};
  for (const char* method : {"GET", "POST"}) {
    ask(other, {.method = method, .url = server_.url()});
    EXPECT_EQ(seen_.last().header("User-Agent"), "tracer/1.0");
    EXPECT_EQ(seen_.last().count("User-Agent"), 1);
  }
  ask(other, {.url = server_.url(), .headers = {{"user-agent", "mine"}}});
  EXPECT_EQ(seen_.last().header("User-Agent"), "mine");
  EXPECT_EQ(seen_.last().count("User-Agent"), 1);
  Client silent{{.user_agent = ""}};
  get(silent, server_.url());
  EXPECT_EQ(seen_.last().count("User-Agent"), 0);
}

TEST_P(Defaults, are_kept_apart_where_clients_take_turns) {
  Client one{{.headers = {{"X-Key", "1"}}}}, two{{.headers = {{"X-Key", "2"}}}}, none;
  for (int i = 0; i < 3; ++i) {
    get(one, server_.url());
    EXPECT_EQ(seen_.last().header("X-Key"), "1");
    get(two, server_.url());
    EXPECT_EQ(seen_.last().header("X-Key"), "2");
    get(none, server_.url());
    EXPECT_EQ(seen_.last().count("X-Key"), 0);
  }
}

TEST_P(Defaults, give_way_to_a_request_s_own_fields) {
  Client client{{.headers = {{"X-Key", "default"}, {"Accept", "text/html"}, {"Content-Type", "text/plain"}}}};
  get(client, server_.url());
  EXPECT_EQ(seen_.last().header("X-Key"), "default");
  EXPECT_EQ(seen_.last().header("Accept"), "text/html");
  EXPECT_EQ(seen_.last().count("Accept"), 1);
  ask(client,
      {.method = "POST", .url = server_.url(), .headers = {{"x-key", "own"}}, .body = Body::json("{}")});
  EXPECT_EQ(seen_.last().header("X-Key"), "own");
  EXPECT_EQ(seen_.last().count("X-Key"), 1);
  EXPECT_EQ(seen_.last().header("Content-Type"), "application/json");
  EXPECT_EQ(seen_.last().count("Content-Type"), 1);
}

TEST_P(Defaults, complete_a_url) {
  Client client{{.base_url = server_.url("/v1/"), .query = {{"key", "a b"}}}};
  const Outcome got = ask(client, {.url = "users?x=1#part", .query = {{"page", "2"}}});
  EXPECT_EQ(seen_.last().target, "/v1/users?x=1&key=a%20b&page=2");
  EXPECT_EQ(got.response.info.effective_url, server_.url("/v1/users?x=1&key=a%20b&page=2#part"));
  EXPECT_EQ(client.route("users"), client.route(server_.url()));
  get(client, server_.url("/other"));
  EXPECT_EQ(seen_.last().target, "/other?key=a%20b");
}

TEST_P(Defaults, serve_one_client_without_a_base_too) {
  Client client;
  ask(client, {.url = server_.url("/p"), .query = {{"q", "x&y"}}});
  EXPECT_EQ(seen_.last().target, "/p?q=x%26y");
  EXPECT_EQ(get(client, "users").error, Error::invalid_url);
}

TEST_P(Defaults, are_about_a_resource_unless_the_request_is_about_the_server) {
  Client client;
  Request request{.method = "OPTIONS", .url = server_.url("/x"), .options = {.scope = Scope::server}};
  EXPECT_EQ(ask(client, request).response.status, 200);
  EXPECT_EQ(seen_.last().target, "*");
  request.method = "GET";
  EXPECT_EQ(ask(client, request).error, Error::invalid_option);
}

TEST_P(Defaults, of_a_secret_kind_do_not_follow_a_redirect_to_another_server) {  // pool scenario 114
  LoopbackServer away(keep_alive([&](const ReceivedRequest& request) {
    seen_.add(request);
    return response(302, "", "Location: " + server_.url("/back") + "\r\n");
  }));
  LoopbackServer first(keep_alive([&](const ReceivedRequest& request) {
    seen_.add(request);
    const std::string next = request.target.starts_with("/here") ? away.url("/away") : "/here";
    return response(302, "", "Location: " + next + "\r\n");
  }));
  Client client{{.headers = {{"Authorization", "Bearer t"}, {"X-Plain", "p"}},
                 .query = {{"k", "v"}},
                 .user_agent = "u"}};
  EXPECT_EQ(get(client, first.url("/start")).response.status, 200);
  const std::vector<ReceivedRequest> seen = seen_.requests();
  ASSERT_EQ(seen.size(), 4u);
  const std::vector<int> secrets = {1, 1, 0, 0};
  const std::vector<std::string> targets = {"/start?k=v", "/here", "/away", "/back"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(seen[i].count("Authorization"), secrets[i]) << i;
    EXPECT_EQ(seen[i].header("X-Plain"), "p") << i;
    EXPECT_EQ(seen[i].header("User-Agent"), "u") << i;
    EXPECT_EQ(seen[i].target, targets[i]) << i;
  }
}

}  // namespace
}  // namespace headway::testing
