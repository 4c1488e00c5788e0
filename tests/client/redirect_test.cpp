// SPDX-License-Identifier: BSL-1.0

// Redirects as a caller sees them: where they lead, what they take along, and what becomes of connections.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

std::string to(const std::string& location, int status = 302, std::string_view body = "moved") {
  return response(status, body, "Location: " + location + "\r\n");
}

class Redirects : public ClientTest {
 protected:
  /// Answers "/go…" with `answer`, and keeps and echoes everything else.
  Handler going(std::string answer) {
    return keep_alive([this, answer = std::move(answer)](const ReceivedRequest& request) {
      seen_.add(request);
      return request.target.starts_with("/go") ? answer : response(200, request.method + " " + request.body);
    });
  }
  Recorder seen_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, Redirects, all_flavours(), flavour_name);

TEST_P(Redirects, are_followed_on_the_same_connection) {  // pool scenario 116
  LoopbackServer server(going(to("/there")));
  Client client;
  const Outcome got = get(client, server.url("/go"));
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.body, "GET ");
  EXPECT_EQ(got.response.status, 200);
  EXPECT_EQ(got.response.info.effective_url, server.url("/there"));
  ASSERT_EQ(got.response.info.redirects.size(), 1u);
  EXPECT_EQ(got.response.info.redirects[0].status, 302);
  EXPECT_EQ(got.response.info.redirects[0].url, server.url("/go"));
  EXPECT_EQ(got.response.info.attempts, 2);
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_TRUE(get(client, server.url("/plain")).response.info.redirects.empty());
}

TEST_P(Redirects, make_a_post_a_get_or_leave_it) {  // pool scenario 113
  for (const int status : {301, 302, 303, 307, 308}) {
    LoopbackServer server(going(to("/there", status)));
    Client client;
    Request post{.method = "POST", .url = server.url("/go"), .body = Body::json("order")};
    post.headers.add("Content-Language", "en");
    const Outcome got = ask(client, post);
    const bool kept = status >= 307;
    EXPECT_EQ(got.response.body, kept ? "POST order" : "GET ") << status;
    const ReceivedRequest last = seen_.last();
    for (const char* name : {"Content-Type", "Content-Length", "Content-Language"}) {
      EXPECT_EQ(last.count(name), kept ? 1 : 0) << status << name;
    }
    EXPECT_EQ(server.connections_accepted(), 1);
  }
}

TEST_P(Redirects, serve_streams_too) {
  LoopbackServer server(going(to("/there")));
  Client client;
  Opened opened = open(client, {.url = server.url("/go")});
  ASSERT_FALSE(opened.error);
  EXPECT_EQ(opened.stream.head().status, 200);
  EXPECT_EQ(opened.stream.info().redirects.size(), 1u);
  std::string body;
  EXPECT_FALSE(read_all(opened.stream, body));
  EXPECT_EQ(body, "GET ");
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(Redirects, may_be_turned_off_for_a_client_or_a_request) {
  LoopbackServer server(going(to("/there")));
  Client off{{.redirects = {.max_redirects = 0}}};
  EXPECT_EQ(get(off, server.url("/go")).response.status, 302);
  EXPECT_EQ(get(off, server.url("/go")).response.body, "moved");
  EXPECT_EQ(ask(off, {.url = server.url("/go"), .options = {.max_redirects = 1}}).response.status, 200);
  Client on;
  EXPECT_EQ(ask(on, {.url = server.url("/go"), .options = {.max_redirects = 0}}).response.status, 302);
}

TEST_P(Redirects, without_a_place_to_go_are_the_call_s) {  // pool scenario 113
  for (const std::string& answer :
       {response(302, "moved"), to("ftp://a/"), to("http://"), to("/there", 300), to("/there", 304, "")}) {
    LoopbackServer server(going(answer));
    Client client;
    const Outcome got = get(client, server.url("/go"));
    EXPECT_FALSE(got.error) << answer;
    EXPECT_EQ(got.response.status / 100, 3) << answer;
    EXPECT_EQ(server.requests_received(), 1) << answer;
  }
}

TEST_P(Redirects, are_bounded) {  // pool scenario 113
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) { return to(request.target + "x"); }));
  Client client;
  const Outcome endless = get(client, server.url("/"));
  EXPECT_EQ(endless.error, Error::too_many_redirects);
  EXPECT_EQ(endless.error, Condition::limit);
  EXPECT_EQ(server.requests_received(), 11);
  EXPECT_EQ(ask(client, {.url = server.url(), .options = {.max_redirects = 2}}).error,
            Error::too_many_redirects);
  EXPECT_EQ(server.requests_received(), 14);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Redirects, in_a_circle_are_found) {  // pool scenario 113
  LoopbackServer server(
      keep_alive([](const ReceivedRequest& request) { return to(request.target == "/a" ? "/b#x" : "/a"); }));
  Client client;
  EXPECT_EQ(get(client, server.url("/a")).error, Error::redirect_loop);
  EXPECT_EQ(server.requests_received(), 2);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Redirects, to_the_same_place_with_another_method_are_no_circle) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return request.method == "POST" ? to("/form", 303) : response(200, "done");
  }));
  Client client;
  EXPECT_EQ(ask(client, {.method = "POST", .url = server.url("/form"), .body = "x"}).response.body, "done");
}

TEST_P(Redirects, to_another_origin_take_no_secrets_along_and_never_bring_them_back) {  // scenario 114
  LoopbackServer* home = nullptr;
  LoopbackServer other(keep_alive([&](const ReceivedRequest& request) {
    seen_.add(request);
    return to(home->url("/back"));
  }));
  LoopbackServer server(going(to(other.url("/away"))));
  home = &server;
  Client client{{.redirects = {.sensitive_headers = {"X-Mine"}}}};
  Request request{.url = server.url("/go")};
  for (const char* name : {"Authorization", "Cookie", "X-Api-Key", "X-Mine", "Accept-Language"}) {
    request.headers.add(name, "v");
  }
  request.headers.add("Host", "virtual.example");
  EXPECT_EQ(ask(client, request).response.status, 200);
  const std::vector<ReceivedRequest> seen = seen_.requests();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].header("Host"), "virtual.example");
  EXPECT_EQ(seen[1].header("Host"), other.url().substr(7, other.url().size() - 8));
  EXPECT_EQ(seen[2].header("Host"), server.url().substr(7, server.url().size() - 8));
  for (const char* name : {"Authorization", "Cookie", "X-Api-Key", "X-Mine"}) {
    EXPECT_EQ(seen[0].count(name), 1) << name;
    EXPECT_EQ(seen[1].count(name), 0) << name;
    EXPECT_EQ(seen[2].count(name), 0) << name;
  }
  EXPECT_EQ(seen[2].count("Accept-Language"), 1);
}

TEST_P(Redirects, never_show_a_password) {  // pool scenario 118
  LoopbackServer server(going(to("/there")));
  Client client;
  const std::string with_password = "http://user:secret@" + server.url("/go").substr(7);
  const Outcome got = get(client, with_password);
  EXPECT_EQ(got.response.info.redirects.at(0).url, server.url("/go"));
  EXPECT_EQ(got.response.info.effective_url, server.url("/there"));
  for (const ReceivedRequest& request : seen_.requests()) {
    EXPECT_EQ(request.count("Referer"), 0);
    EXPECT_EQ(request.raw.find("secret"), std::string::npos);
  }
}

TEST_P(Redirects, do_not_repeat_a_body_that_can_be_read_once) {  // pool scenario 115
  LoopbackServer server(going(to("/there", 307)));
  Client client;
  bool done = false;
  const auto once = [&](std::span<char> into, std::error_code&) -> std::size_t {
    if (std::exchange(done, true)) return 0;
    into[0] = 'x';
    return 1;
  };
  const Outcome got = ask(client, {.method = "POST", .url = server.url("/go"), .body = Body::stream(once)});
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.response.status, 307);
  EXPECT_EQ(got.response.body, "moved");
  EXPECT_EQ(server.requests_received(), 1);
}

TEST_P(Redirects, repeat_a_body_that_can_be_rewound) {
  LoopbackServer server(going(to("/there", 308)));
  Client client;
  int left = 1;
  const auto read = [&](std::span<char> into, std::error_code&) -> std::size_t {
    into[0] = 'x';
    return std::exchange(left, 0) > 0 ? 1 : 0;
  };
  const auto rewind = [&] {
    left = 1;
    return true;
  };
  const Outcome got = ask(
      client, {.method = "POST", .url = server.url("/go"), .body = Body::stream(read, std::nullopt, rewind)});
  EXPECT_EQ(got.response.body, "POST x");
}

TEST_P(Redirects, with_a_large_body_cost_a_connection) {
  for (const std::size_t size : {std::size_t{256 * 1024}, std::size_t{256 * 1024 + 1}}) {
    LoopbackServer server(going(to("/there", 302, std::string(size, 'x'))));
    Client client;
    EXPECT_EQ(get(client, server.url("/go")).response.body, "GET ");
    EXPECT_EQ(server.connections_accepted(), size > 256 * 1024 ? 2 : 1) << size;
  }
}

TEST_P(Redirects, do_not_wait_for_an_endless_body) {
  LoopbackServer server([&](Peer& peer) {
    if (peer.index() > 0) return echo_target()(peer);
    peer.read_request();
    peer.write("HTTP/1.1 302 Found\r\nLocation: /there\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string piece = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
    while (peer.write(piece)) {
    }
  });
  Client client;
  EXPECT_EQ(get(client, server.url("/go")).response.body, "/there");
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST_P(Redirects, share_the_call_s_time) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(to("/there"));
    peer.stall();
  });
  Client client;
  const Outcome got = ask(client, {.url = server.url("/go"), .options = {.timeouts = {.total = 100ms}}});
  EXPECT_EQ(got.error, Error::total_timeout);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Redirects, that_break_are_retried_at_the_hop_where_they_broke) {
  LoopbackServer server([&](Peer& peer) {
    const auto request = peer.read_request();
    seen_.add(*request);
    if (request->target == "/go") peer.write(response(302, "", "Location: /there\r\nConnection: close\r\n"));
    if (request->target == "/there" && peer.index() == 2) peer.write(response(200, "here"));
  });
  Client client{{.retry_strategy = retry_at_once()}};
  const Outcome got = get(client, server.url("/go"));
  EXPECT_EQ(got.response.body, "here");
  EXPECT_EQ(got.response.info.attempts, 3);
  EXPECT_EQ(seen_.requests().size(), 3u);
}

TEST_P(Redirects, go_by_a_strategy_of_the_program_s) {
  LoopbackServer server(going(to("/elsewhere", 300)));
  const auto strategy = [&](const RedirectResponse& response) -> std::optional<NextRequest> {
    EXPECT_EQ(response.method, "GET");
    EXPECT_EQ(response.number, 1);
    EXPECT_EQ(response.url.path(), "/go");
    if (response.head.status != 300) return std::nullopt;
    return NextRequest{.method = "PUT", .url = server.url("/chosen")};
  };
  Client client{{.redirect_strategy = strategy}};
  EXPECT_EQ(get(client, server.url("/go")).response.body, "PUT ");
  EXPECT_EQ(seen_.last().target, "/chosen");
}

TEST_P(Redirects, refuse_a_strategy_s_malformed_answer) {
  LoopbackServer server(going(to("/there")));
  Client client{{.redirect_strategy = [](const RedirectResponse&) {
    return std::optional<NextRequest>({.method = "GET", .url = "/relative"});
  }}};
  EXPECT_EQ(get(client, server.url("/go")).error, Error::invalid_option);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Redirects, whose_strategy_throws_end_the_call) {  // pool scenario 135
  LoopbackServer server(going(to("/there")));
  Client client{{.redirect_strategy = [](const RedirectResponse&) -> std::optional<NextRequest> {
    throw std::runtime_error("no");
  }}};
  if (is_async()) {
    EXPECT_EQ(get(client, server.url("/go")).error, Error::hook_threw);
  } else {
    EXPECT_THROW(get(client, server.url("/go")), std::runtime_error);
  }
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST_P(Redirects, leave_a_proxy_s_login_with_the_proxy) {  // pool scenario 121
  LoopbackServer origin(record(seen_));
  Recorder proxied;
  LoopbackServer proxy(keep_alive([&](const ReceivedRequest& request) {
    proxied.add(request);
    if (request.count("Proxy-Authorization") == 0) {
      return response(407, "", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n");
    }
    return to(origin.url("/direct"));
  }));
  Client client{{.proxy = {.url = "http://user:secret@" + proxy.url().substr(7), .no_proxy = "127.0.0.1"}}};
  const Outcome got = get(client, "http://shop.test/x");
  EXPECT_EQ(got.response.body, "recorded");
  EXPECT_EQ(proxied.last().target, "http://shop.test/x");
  EXPECT_EQ(proxied.last().count("Proxy-Authorization"), 1);
  EXPECT_EQ(seen_.last().target, "/direct");
  EXPECT_EQ(seen_.last().count("Proxy-Authorization"), 0);
  EXPECT_EQ(seen_.last().raw.find("secret"), std::string::npos);
}

TEST_P(Redirects, go_on_where_there_is_one_connection_alone) {
  LoopbackServer other(echo_target());
  LoopbackServer server(going(to(other.url("/there"))));
  Client client{std::make_shared<BasicConnectionManager>()};
  EXPECT_EQ(get(client, server.url("/go")).response.body, "/there");
  EXPECT_EQ(get(client, server.url("/go")).response.body, "/there");
}

TEST_P(Redirects, let_the_server_close_first_where_nothing_is_kept) {
  LoopbackServer server([&](Peer& peer) {
    const auto request = peer.read_request();
    peer.write(request->target == "/go" ? to("/there") : response(200, "there"));
    EXPECT_FALSE(peer.client_has_closed());
  });
  Client client{{.reuse_strategy = NeverReuse{}}};
  EXPECT_EQ(get(client, server.url("/go")).response.body, "there");
  EXPECT_TRUE(server.wait_for_closed_connections(2));
  EXPECT_TRUE(eventually([&] { return client.pool().stats().closing == 0; }));
  EXPECT_TRUE(server.handler_errors().empty());
}

TEST_P(Redirects, bounded_by_less_than_nothing_are_wrong_usage) {
  LoopbackServer server(going(to("/there")));
  Client client;
  EXPECT_EQ(ask(client, {.url = server.url(), .options = {.max_redirects = -1}}).error,
            Error::invalid_option);
  EXPECT_EQ(server.requests_received(), 0);
}

TEST(RedirectOptions, out_of_range_are_named) {
  EXPECT_THROW(Client({.redirects = {.max_redirects = -1}}), std::system_error);
  EXPECT_THROW(Client({.redirect_strategy = nullptr}), std::system_error);
}

}  // namespace
}  // namespace headway::testing
