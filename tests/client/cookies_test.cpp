// SPDX-License-Identifier: BSL-1.0

// A client with a jar, as a server sees it.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

class Cookies : public ClientTest {
 protected:
  ClientOptions with_jar() const {
    ClientOptions options;
    options.cookies = jar_;
    return options;
  }
  /// Answers by target: "/set?X" sets X, "/go?URL" redirects there and sets "went=1"; all echo their Cookie.
  Handler serving() {
    return keep_alive([this](const ReceivedRequest& request) {
      seen_.add(request);
      const std::string& target = request.target;
      const std::string argument = target.substr(std::min(target.find('?') + 1, target.size()));
      const std::string cookie = request.header("Cookie").value_or("");
      if (target.starts_with("/set")) return response(200, cookie, "Set-Cookie: " + argument + "\r\n");
      if (target.starts_with("/go"))
        return response(302, cookie, "Set-Cookie: went=1\r\nLocation: " + argument + "\r\n");
      return response(200, cookie);
    });
  }
  std::string echoed(Client& client, const std::string& url) {
    const Outcome got = get(client, url);
    EXPECT_FALSE(got.error) << got.error.message();
    return got.response.body;
  }

  std::shared_ptr<CookieJar> jar_ = std::make_shared<CookieJar>();
  Recorder seen_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, Cookies, all_flavours(), flavour_name);

TEST_P(Cookies, are_sent_back) {
  LoopbackServer server(serving());
  Client client(with_jar());
  EXPECT_EQ(echoed(client, server.url("/set?a=1")), "");
  EXPECT_EQ(echoed(client, server.url("/set?b=2")), "a=1");
  EXPECT_EQ(echoed(client, server.url("/")), "a=1; b=2");
  EXPECT_EQ(seen_.last().count("Cookie"), 1);
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Cookies, are_left_alone_without_a_jar) {
  LoopbackServer server(serving());
  Client client;
  echoed(client, server.url("/set?a=1"));
  EXPECT_EQ(echoed(client, server.url("/")), "");
}

TEST_P(Cookies, are_several_clients_own) {
  LoopbackServer server(serving());
  Client one(with_jar()), other(with_jar());
  echoed(one, server.url("/set?a=1"));
  EXPECT_EQ(echoed(other, server.url("/")), "a=1");
}

TEST_P(Cookies, are_kept_from_every_hop_and_chosen_anew_for_each) {  // pool scenario 117
  LoopbackServer server(serving());
  Client client(with_jar());
  EXPECT_EQ(echoed(client, server.url("/go?/there")), "went=1");
  EXPECT_EQ(echoed(client, server.url("/set?went=2;%20Path=/deep")), "went=1");
  EXPECT_EQ(echoed(client, server.url("/go?/deep/x")), "went=1");
}

TEST_P(Cookies, may_make_a_redirect_to_the_same_place_another_request) {  // pool scenario 117
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    if (request.count("Cookie") == 0) return response(302, "", "Set-Cookie: a=1\r\nLocation: /\r\n");
    return response(200, request.header("Cookie").value_or(""));
  }));
  Client client(with_jar());
  EXPECT_EQ(echoed(client, server.url("/")), "a=1");
}

TEST_P(Cookies, do_not_go_to_another_host) {  // pool rule 72, scenario 114
  LoopbackServer target(serving()), server(serving());
  Client client(with_jar());
  echoed(client, server.url("/set?a=1"));
  // Ports make no difference to cookies (RFC 6265bis section 8.5); names do.
  EXPECT_EQ(echoed(client, "http://localhost:" + std::to_string(server.port()) + "/"), "");
  EXPECT_EQ(echoed(client, server.url("/go?http://localhost:" + std::to_string(target.port()) + "/")), "");
  EXPECT_EQ(echoed(client, target.url("/")), "a=1; went=1");
}

TEST_P(Cookies, of_the_requests_own_are_sent_alone_and_not_to_another_origin) {  // pool rule 72, scenario 114
  LoopbackServer target(serving()), server(serving());
  Client client(with_jar());
  echoed(client, server.url("/set?a=1"));
  Request request{.url = server.url("/")};
  request.headers.set("Cookie", "mine=1");
  EXPECT_EQ(ask(client, request).response.body, "mine=1");
  request.url = server.url("/go?http://localhost:" + std::to_string(target.port()) + "/");
  EXPECT_EQ(ask(client, request).response.body, "");
  request.url = server.url("/go?/there");
  EXPECT_EQ(ask(client, request).response.body, "mine=1");
}

TEST_P(Cookies, of_the_clients_own_headers_are_sent_alone) {
  LoopbackServer server(serving());
  ClientOptions options = with_jar();
  options.headers.set("Cookie", "ours=1");
  Client client(options);
  echoed(client, server.url("/set?a=1"));
  EXPECT_EQ(echoed(client, server.url("/")), "ours=1");
  EXPECT_EQ(seen_.last().count("Cookie"), 1);
}

TEST_P(Cookies, are_kept_from_failures_too) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return response(request.target == "/" ? 200 : 404, request.header("Cookie").value_or(""),
                    "Set-Cookie: status=404\r\n");
  }));
  Client client(with_jar());
  echoed(client, server.url("/missing"));
  EXPECT_EQ(echoed(client, server.url("/")), "status=404");
}

TEST_P(Cookies, that_come_with_a_plea_for_patience_go_with_the_next_try) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    if (request.count("Cookie") == 0) return response(503, "", "Retry-After: 0\r\nSet-Cookie: ticket=7\r\n");
    return response(200, request.header("Cookie").value_or(""));
  }));
  ClientOptions options = with_jar();
  options.status_retries.max_retries = 1;
  Client client(options);
  EXPECT_EQ(echoed(client, server.url("/")), "ticket=7");
}

TEST_P(Cookies, come_neither_from_trailers_nor_from_early_hints) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return "HTTP/1.1 103 Early Hints\r\nSet-Cookie: hint=1\r\n\r\n"
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Cookie: " +
           request.header("Cookie").value_or("") + "\r\n\r\n0\r\nSet-Cookie: trailer=1\r\n\r\n";
  }));
  Client client(with_jar());
  echoed(client, server.url("/"));
  EXPECT_TRUE(jar_->cookies().empty());
}

TEST_P(Cookies, come_with_streams) {
  LoopbackServer server(serving());
  Client client(with_jar());
  Opened opened = open(client, {.url = server.url("/set?a=1")});
  ASSERT_FALSE(opened.error);
  EXPECT_FALSE(drain(opened.stream));
  EXPECT_EQ(echoed(client, server.url("/")), "a=1");
}

}  // namespace
}  // namespace headway::testing
