// SPDX-License-Identifier: BSL-1.0

// When a connection serves the next request, and when it is closed instead.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class ReuseOfConnections : public ClientTest {
 protected:
  /// Asks for the same twice: whether the second request went over the first one's connection, and if not,
  /// why.
  CloseReason ask_twice(const LoopbackServer& server, Request request = {}, ClientOptions options = {}) {
    Client client(std::move(options));
    request.url = server.url();
    const Outcome first = ask(client, request);
    const Outcome second = ask(client, request);
    EXPECT_FALSE(first.error) << first.error.message();
    EXPECT_FALSE(second.error) << second.error.message();
    EXPECT_FALSE(first.response.info.connection_reused);
    const CloseReason reason = first.response.info.close_reason;
    EXPECT_EQ(second.response.info.connection_reused, reason == CloseReason::none);
    EXPECT_EQ(server.connections_accepted(), reason == CloseReason::none ? 1 : 2);
    EXPECT_TRUE(pool_is_whole(client));
    return reason;
  }
  CloseReason after_answer(std::string bytes, Request request = {}) {
    LoopbackServer server(answer(std::move(bytes)));
    return ask_twice(server, std::move(request));
  }
  CloseReason after_answer_and_close(std::string bytes, Request request = {}) {
    LoopbackServer server(answer_and_close(std::move(bytes)));
    return ask_twice(server, std::move(request));
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, ReuseOfConnections, all_flavours(), flavour_name);

TEST_P(ReuseOfConnections, serves_two_requests_over_one_connection) {  // scenario 1, pool rule 11
  EXPECT_EQ(after_answer(response(200, "body")), CloseReason::none);
}

TEST_P(ReuseOfConnections, follows_every_kind_of_response_that_ends_by_itself) {  // scenarios 3, 11, 84, 86
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(after_answer(response(200, "")), CloseReason::none);
  EXPECT_EQ(after_answer(chunked + "4\r\nbody\r\n0\r\n\r\n"), CloseReason::none);
  EXPECT_EQ(after_answer(chunked + "0\r\n\r\n"), CloseReason::none);
  EXPECT_EQ(after_answer(chunked + "1\r\na\r\n0\r\nX-Trailer: 1\r\n\r\n"), CloseReason::none);
  EXPECT_EQ(after_answer("HTTP/1.1 204 No Content\r\n\r\n"), CloseReason::none);
  EXPECT_EQ(after_answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n"), CloseReason::none);
  EXPECT_EQ(after_answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", {.method = "HEAD"}),
            CloseReason::none);
  EXPECT_EQ(after_answer(chunked, {.method = "HEAD"}), CloseReason::none);
  EXPECT_EQ(after_answer("HTTP/1.1 103 Early\r\n\r\n" + response(200, "late")), CloseReason::none);
}

TEST_P(ReuseOfConnections, ends_where_the_response_says_close) {  // pool rule 31, scenario 5
  const std::string bytes = response(200, "body", "Connection: close\r\n");
  EXPECT_EQ(after_answer_and_close(bytes), CloseReason::response_close);
  EXPECT_EQ(after_answer_and_close(response(200, "", "Connection: x, Close\r\n")),
            CloseReason::response_close);
}

TEST_P(ReuseOfConnections, ends_where_the_request_says_close_once) {  // pool rule 31, scenarios 5 and 6
  Recorder recorder;
  LoopbackServer server(record(recorder));
  EXPECT_EQ(ask_twice(server, {.headers = {{"Connection", "close"}}}), CloseReason::request_close);
  EXPECT_EQ(recorder.last().count("Connection"), 1);
}

TEST_P(ReuseOfConnections, needs_keep_alive_from_http_1_0) {  // scenario 18
  const std::string fields = "Content-Length: 2\r\n";
  EXPECT_EQ(after_answer_and_close("HTTP/1.0 200 OK\r\n" + fields + "\r\nok"), CloseReason::http10);
  EXPECT_EQ(after_answer("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + fields + "\r\nok"),
            CloseReason::none);
}

TEST_P(ReuseOfConnections, ends_with_a_body_that_ends_with_the_connection) {  // scenario 94
  EXPECT_EQ(after_answer_and_close("HTTP/1.1 200 OK\r\n\r\nall of it"), CloseReason::close_delimited);
}

TEST_P(ReuseOfConnections, ends_where_bytes_follow_the_response) {  // pool rule 26, scenarios 12, 55 and 103
  EXPECT_EQ(after_answer(response(200, "body") + "x"), CloseReason::surplus_bytes);
  EXPECT_EQ(after_answer(response(200, "body") + response(200, "fake")), CloseReason::surplus_bytes);
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
  EXPECT_EQ(after_answer(chunked + "\r\n"), CloseReason::surplus_bytes);
  EXPECT_EQ(after_answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", {.method = "HEAD"}),
            CloseReason::surplus_bytes);  // scenario 85
}

TEST_P(ReuseOfConnections, ends_where_a_204_announces_a_body) {  // scenario 87
  EXPECT_NE(after_answer("HTTP/1.1 204 None\r\nTransfer-Encoding: chunked\r\n\r\n"), CloseReason::none);
  EXPECT_NE(after_answer("HTTP/1.1 204 None\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            CloseReason::none);
}

TEST_P(ReuseOfConnections, heeds_the_servers_keep_alive_field) {  // pool rules 38 and 39, scenario 7
  EXPECT_EQ(after_answer(response(200, "", "Keep-Alive: timeout=0\r\n")), CloseReason::keep_alive_zero);
  EXPECT_EQ(after_answer(response(200, "", "Keep-Alive: timeout=5, max=0\r\n")),
            CloseReason::keep_alive_zero);
  EXPECT_EQ(after_answer(response(200, "", "Keep-Alive: timeout=5, max=100\r\n")), CloseReason::none);
  EXPECT_EQ(after_answer(response(200, "", "Keep-Alive: timeout=soon\r\n")), CloseReason::none);
}

TEST_P(ReuseOfConnections, ends_after_a_408) {  // scenario 24
  EXPECT_EQ(after_answer(response(408, "")), CloseReason::strategy);
}

TEST_P(ReuseOfConnections, can_be_forbidden_by_a_strategy) {  // scenario 17
  LoopbackServer server(answer(response(200, "", "X-Poisoned: yes\r\n")));
  const auto poison = [](const Request& request, const ResponseHead& head) {
    return head.headers.contains("X-Poisoned") ? CloseReason::strategy
                                               : DefaultReuseStrategy{}(request, head);
  };
  EXPECT_EQ(ask_twice(server, {}, {.reuse_strategy = poison}), CloseReason::strategy);
}

TEST_P(ReuseOfConnections, cannot_be_allowed_by_a_strategy_where_framing_forbids_it) {
  LoopbackServer server(answer(response(200, "body") + "surplus"));
  const auto always = [](const Request&, const ResponseHead&) { return CloseReason::none; };
  EXPECT_EQ(ask_twice(server, {}, {.reuse_strategy = always}), CloseReason::surplus_bytes);
  LoopbackServer closing(
      keep_alive([](const ReceivedRequest&) { return response(200, "x", "Connection: close\r\n"); }));
  EXPECT_EQ(ask_twice(closing, {}, {.reuse_strategy = always}), CloseReason::response_close);
}

TEST_P(ReuseOfConnections, ends_when_the_keep_alive_strategy_gives_no_time) {
  LoopbackServer server(echo_target());
  const auto none = [](const ResponseHead&, const HttpRoute&) { return 0ms; };
  EXPECT_EQ(ask_twice(server, {}, {.keep_alive_strategy = none}), CloseReason::keep_alive_zero);
}

TEST_P(ReuseOfConnections, lets_a_loop_use_one_connection) {  // pool rule 36, scenario 62
  LoopbackServer server(echo_target());
  Client client;
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(get(client, server.url("/" + std::to_string(i))).response.body, "/" + std::to_string(i));
  }
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_EQ(client.pool().stats().opened, 1u);
  EXPECT_EQ(client.pool().stats().reused, 299u);
}

TEST_P(ReuseOfConnections, lets_a_loop_of_streams_use_one_connection) {  // pool rule 36, scenario 2
  const std::string content(100'000, 's');
  LoopbackServer server(keep_alive([&](const ReceivedRequest&) { return response(200, content); }));
  Client client;
  for (int i = 0; i < 100; ++i) {
    Opened opened = open(client, {.url = server.url()});
    std::string body;
    ASSERT_FALSE(read_all(opened.stream, body));
    ASSERT_EQ(body, content);
  }
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(ReuseOfConnections, ends_after_as_many_requests_as_allowed) {  // pool rule 41, scenario 13
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_requests_per_connection = 2}}};
  for (int i = 0; i < 6; ++i) {
    const ExchangeInfo info = get(client, server.url()).response.info;
    EXPECT_EQ(info.close_reason, i % 2 == 0 ? CloseReason::none : CloseReason::max_requests);
  }
  EXPECT_EQ(server.connections_accepted(), 3);
}

TEST_P(ReuseOfConnections, lets_idle_connections_go_when_their_time_is_over) {  // pool rule 38, scenario 26
  LoopbackServer server(echo_target());
  const auto short_lived = [](const ResponseHead&, const HttpRoute&) { return 20ms; };
  Client client{{.keep_alive_strategy = short_lived}};
  EXPECT_EQ(get(client, server.url()).response.info.close_reason, CloseReason::none);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_TRUE(eventually([&] { return client.pool().stats().available == 0; }));
}

TEST_P(ReuseOfConnections, lets_connections_go_at_the_end_of_their_life) {  // pool rule 40
  LoopbackServer server(echo_target());
  Client client{{.pool = {.time_to_live = 30ms}}};
  get(client, server.url());
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST_P(ReuseOfConnections, does_not_mix_routes) {  // pool rule 1, scenario 61
  LoopbackServer one(echo_target()), other(echo_target());
  Client client;
  for (int i = 0; i < 3; ++i) {
    get(client, one.url());
    get(client, other.url());
    get(client, "http://localhost:" + std::to_string(one.port()) + "/");
  }
  EXPECT_EQ(one.connections_accepted(), 2);
  EXPECT_EQ(other.connections_accepted(), 1);
}

TEST_P(ReuseOfConnections, goes_on_with_the_replacement_of_a_closed_connection) {  // scenario 14
  LoopbackServer server(first_connection(answer_and_close(response(200, "last", "Connection: close\r\n"))));
  Client client;
  get(client, server.url());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(client, server.url("/x")).response.body, "/x");
  EXPECT_EQ(server.connections_accepted(), 2);
}

}  // namespace
}  // namespace headway::testing
