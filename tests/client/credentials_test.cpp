// SPDX-License-Identifier: BSL-1.0

// Logins as a server sees them.

#include "tests/client/client_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>

namespace headway::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string basic = "Basic dXNlcjpzZWNyZXQ=";  // user:secret

class Logins : public ClientTest {
 protected:
  /// Answers 401 with these fields to whoever's Authorization does not begin with `wanted`, and echoes it
  /// otherwise. "/go?URL" redirects.
  Handler asking(const std::string& fields, const std::string& wanted) {
    return keep_alive([=, this](const ReceivedRequest& request) {
      seen_.add(request);
      const std::string said = request.header("Authorization").value_or("");
      if (const std::size_t mark = request.target.find('?'); mark != std::string::npos)
        return response(302, "", "Location: " + request.target.substr(mark + 1) + "\r\n");
      return said.starts_with(wanted) ? response(200, said) : response(401, "who?", fields);
    });
  }
  static ClientOptions with(const std::string& origin, const Credential& credential) {
    ClientOptions options;
    options.credentials = {{origin, credential}};
    return options;
  }
  std::vector<std::string> said() const {
    std::vector<std::string> all;
    for (const ReceivedRequest& request : seen_.requests())
      all.push_back(request.header("Authorization").value_or("nothing"));
    return all;
  }
  Recorder seen_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, Logins, all_flavours(), flavour_name);

const std::string asks_basic = "WWW-Authenticate: Basic realm=\"r\"\r\n";

TEST_P(Logins, are_sent_when_asked_for_and_from_then_on) {
  LoopbackServer server(asking(asks_basic, basic));
  Client client(with(server.url(), Basic{"user", "secret"}));
  const Outcome got = get(client, server.url("/"));
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.body, basic);
  EXPECT_EQ(got.response.info.attempts, 2);
  EXPECT_EQ(get(client, server.url("/again")).response.info.attempts, 1);
  EXPECT_EQ(said(), (std::vector<std::string>{"nothing", basic, basic}));
  EXPECT_EQ(server.connections_accepted(), 1);  // the 401 was read to its end
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Logins, are_sent_at_once_where_that_is_wanted) {
  LoopbackServer server(asking(asks_basic, basic));
  Client client(with(server.url(), Basic{"user", "secret", Preemptive::on}));
  EXPECT_EQ(get(client, server.url("/")).response.body, basic);
  EXPECT_EQ(said(), (std::vector<std::string>{basic}));
}

TEST_P(Logins, are_tried_once) {
  LoopbackServer server(asking(asks_basic, "never"));
  Client client(with(server.url(), Password{"user", "secret"}));
  const Outcome got = get(client, server.url("/"));
  EXPECT_EQ(got.response.status, 401);
  EXPECT_EQ(got.response.body, "who?");
  EXPECT_EQ(said(), (std::vector<std::string>{"nothing", basic}));
}

TEST_P(Logins, go_by_the_strongest_that_the_server_knows) {
  LoopbackServer server(
      asking(asks_basic + "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5\r\n"
                          "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\","
                          " algorithm=SHA-512-256, Digest realm=\"r\", nonce=\"o\", qop=\"auth\","
                          " algorithm=SHA-256\r\n",
             "Digest "));
  Client client(with(server.url(), Password{"user", "secret"}));
  EXPECT_THAT(get(client, server.url("/x?")).response.status, 302);
  EXPECT_THAT(get(client, server.url("/x")).response.body,
              AllOf(HasSubstr("algorithm=SHA-512-256"), HasSubstr("uri=\"/x\""), Not(HasSubstr("secret"))));
}

TEST_P(Logins, say_no_password_in_the_clear_where_only_digest_is_allowed) {
  LoopbackServer server(asking(asks_basic, "Basic "));
  Client client(with(server.url(), Digest{"user", "secret"}));
  EXPECT_EQ(get(client, server.url("/")).response.status, 401);
  EXPECT_EQ(said(), (std::vector<std::string>{"nothing"}));
}

TEST_P(Logins, take_a_new_nonce_where_the_old_one_is_stale) {
  std::atomic<int> asked = 0;
  LoopbackServer server(keep_alive([&](const ReceivedRequest& request) {
    const std::string login = request.header("Authorization").value_or("");
    const std::string nonce = "n" + std::to_string(++asked);
    const std::string fields = "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"" + nonce + "\"" +
                               (login.empty() ? "" : ", stale=true") + "\r\n";
    return asked < 3 ? response(401, "", fields) : response(200, login);
  }));
  Client client(with(server.url(), Digest{"user", "secret"}));
  EXPECT_THAT(get(client, server.url("/")).response.body,
              AllOf(HasSubstr("nonce=\"n2\""), HasSubstr("nc=00000001")));
  EXPECT_THAT(get(client, server.url("/")).response.body,
              AllOf(HasSubstr("nonce=\"n2\""), HasSubstr("nc=00000002")));
}

TEST_P(Logins, do_not_go_round_with_a_server_that_always_calls_them_stale) {
  LoopbackServer server(
      asking("WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n\", stale=true\r\n", "never"));
  Client client(with(server.url(), Digest{"user", "secret"}));
  EXPECT_EQ(get(client, server.url("/")).response.status, 401);
  EXPECT_EQ(server.requests_received(), 4);
}

TEST_P(Logins, do_not_send_a_body_again_that_can_be_read_once) {
  LoopbackServer server(asking(asks_basic, basic));
  Client client(with(server.url(), Basic{"user", "secret"}));
  bool read = false;
  const Body once = Body::stream([&read](std::span<char> into, std::error_code&) -> std::size_t {
    if (std::exchange(read, true)) return 0;
    into[0] = 'x';
    return 1;
  });
  EXPECT_EQ(ask(client, {.method = "PUT", .url = server.url("/"), .body = once}).response.status, 401);
  EXPECT_EQ(ask(client, {.method = "PUT", .url = server.url("/"), .body = Body("x")}).response.status, 200);
}

TEST_P(Logins, are_for_their_origin_alone_on_redirects_too) {  // pool rule 72, scenario 114
  LoopbackServer other(asking(asks_basic, "")), server(asking(asks_basic, basic));
  Client client(with(server.url(), Basic{"user", "secret", Preemptive::on}));
  EXPECT_EQ(get(client, other.url("/")).response.body, "");
  EXPECT_EQ(get(client, server.url("/go?" + other.url("/x"))).response.body, "");
  // And back: it is its own again.
  EXPECT_EQ(get(client, other.url("/go?" + server.url("/y"))).response.body, basic);
  EXPECT_EQ(said(), (std::vector<std::string>{"nothing", basic, "nothing", "nothing", basic}));
}

TEST_P(Logins, for_a_host_are_for_all_of_its_ports) {
  LoopbackServer server(asking(asks_basic, basic));
  Client client(with("127.0.0.1", Password{"user", "secret"}));
  EXPECT_EQ(get(client, server.url("/")).response.body, basic);
}

TEST_P(Logins, yield_to_the_requests_own_and_the_clients_headers) {
  LoopbackServer server(asking(asks_basic, "Mine"));
  ClientOptions options = with(server.url(), Basic{"user", "secret", Preemptive::on});
  Request request{.url = server.url("/")};
  request.headers.set("Authorization", "Mine 1");
  Client client(options);
  EXPECT_EQ(ask(client, request).response.body, "Mine 1");
  request.headers.set("Authorization", "Yours 1");
  EXPECT_EQ(ask(client, request).response.status, 401);
  options.headers.set("Authorization", "Mine 2");
  Client standing(options);
  EXPECT_EQ(get(standing, server.url("/")).response.body, "Mine 2");
  EXPECT_EQ(seen_.last().count("Authorization"), 1);
}

TEST_P(Logins, of_a_url_are_sent_at_once_and_never_shown) {  // pool scenario 118
  LoopbackServer other(asking(asks_basic, "")), server(asking(asks_basic, basic));
  Client client;
  const std::string at = "http://user:secret@127.0.0.1:" + std::to_string(server.port());
  const Outcome got = get(client, at + "/");
  EXPECT_EQ(got.response.body, basic);
  EXPECT_EQ(got.response.info.effective_url, server.url("/"));
  EXPECT_EQ(get(client, at + "/go?/same").response.body, basic);
  EXPECT_EQ(get(client, at + "/go?" + other.url("/")).response.body, "");
  EXPECT_EQ(
      get(client, "http://us%65r:s%65cret@127.0.0.1:" + std::to_string(server.port()) + "/").response.body,
      basic);
}

TEST_P(Logins, whose_body_is_gone_once_there_is_a_connection_give_it_up) {
  LoopbackServer server(echo_body());
  LoopbackServer endless(answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello"));
  const TemporaryDirectory folder;
  folder.write("body", "hello");
  const std::filesystem::path body = folder.path() / "body";
  Client client{{.pool = {.stale_check = [&](Connection&) { return std::filesystem::remove(body), false; }}}};
  get(client, server.url("/"));
  // What a blocking call is given next has a response behind it that was not read to its end.
  open(client, {.url = endless.url("/")});
  const std::string url = "http://user:secret@127.0.0.1:" + std::to_string(server.port()) + "/";
  EXPECT_EQ(open(client, {.method = "POST", .url = url, .body = Body::file(body)}).error,
            Error::body_unreadable);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_FALSE(std::filesystem::exists(body));
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(get(client, server.url("/")).error, std::error_code());
}

TEST_P(Logins, of_a_url_must_be_such_as_a_field_can_hold) {
  Client client;
  for (const char* url : {"http://a%3ab:c@h.test/", "http://a%0d%0aX:c@h.test/", "http://a:c%00@h.test/"})
    EXPECT_EQ(get(client, url).error, Error::invalid_url) << url;
}

TEST_P(Logins, by_token_are_sent_at_once) {
  LoopbackServer server(asking("WWW-Authenticate: Bearer\r\n", "Bearer t1"));
  Client client(with(server.url(), Bearer{"t1"}));
  EXPECT_EQ(get(client, server.url("/")).response.body, "Bearer t1");
  EXPECT_EQ(get(client, server.url("/")).response.info.attempts, 1);
}

TEST_P(Logins, by_token_are_refreshed_when_they_are_refused) {
  LoopbackServer server(asking("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n", "Bearer t2"));
  std::vector<std::string> refused;
  Client client(with(server.url(), Bearer{"t1", [&](const std::string& token) {
                                            refused.push_back(token);
                                            return std::string("t2");
                                          }}));
  EXPECT_EQ(get(client, server.url("/")).response.body, "Bearer t2");
  EXPECT_EQ(get(client, server.url("/")).response.body, "Bearer t2");
  EXPECT_EQ(refused, std::vector<std::string>{"t1"});
  EXPECT_EQ(server.requests_received(), 3);
}

TEST_P(Logins, by_token_end_where_there_is_no_other) {
  LoopbackServer server(asking("WWW-Authenticate: Bearer\r\n", "never"));
  for (const char* next : {"", "t1", "t2"}) {
    int calls = 0;
    Client client(with(server.url(), Bearer{"t1", [&](const std::string&) {
                                              ++calls;
                                              return std::string(next);
                                            }}));
    EXPECT_EQ(get(client, server.url("/")).response.status, 401);
    EXPECT_EQ(calls, *next == 't' && next[1] == '2' ? 2 : 1) << next;
    EXPECT_TRUE(pool_is_whole(client));
  }
  Client without(with(server.url(), Bearer{"t1"}));
  EXPECT_EQ(get(without, server.url("/")).response.status, 401);
}

TEST_P(Logins, by_token_fail_as_the_hook_does) {
  LoopbackServer server(asking("WWW-Authenticate: Bearer\r\n", "never"));
  Client malformed(with(server.url(), Bearer{"", [](const std::string&) { return std::string("a b\r\n"); }}));
  Client thrown(with(server.url(), Bearer{"", [](const std::string&) -> std::string {
                                            throw std::system_error(Error::cancelled);
                                          }}));
  for (Client* client : {&malformed, &thrown}) {
    const Error expected = client == &malformed ? Error::invalid_option : Error::cancelled;
    if (is_async()) {
      EXPECT_EQ(get(*client, server.url("/")).error, expected);
    } else {
      EXPECT_THROW(get(*client, server.url("/")), std::system_error);
    }
    EXPECT_TRUE(pool_is_whole(*client));
  }
}

TEST(LoginOptions, name_the_origin_that_is_wrong_and_no_password) {
  const std::pair<const char*, Credential> table[] = {
      {"https://a.test/path", Password{"user", "secret"}},
      {"ftp://a.test", Password{"user", "secret"}},
      {"https://x@a.test", Password{"user", "secret"}},
      {"a.test:8080", Password{"user", "secret"}},
      {"", Password{"user", "secret"}},
      {"https://a.test", Basic{"us:er", "secret"}},
      {"https://a.test", Digest{"user", "secret\r\n"}},
      {"https://a.test", Bearer{"secret token"}},
      {"https://a.test", Bearer{}},
  };
  for (const auto& [origin, credential] : table) {
    ClientOptions options;
    options.credentials = {{origin, credential}};
    try {
      const Client client(options);
      ADD_FAILURE() << origin;
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), Condition::usage);
      EXPECT_THAT(error.what(),
                  AllOf(HasSubstr(std::string("credentials[\"") + origin), Not(HasSubstr("secret"))));
    }
  }
}

}  // namespace
}  // namespace headway::testing
