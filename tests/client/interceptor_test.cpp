// SPDX-License-Identifier: BSL-1.0

// A program's own callables around its client's calls.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

#include <array>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

class Interceptors : public ClientTest {
 protected:
  /// Adds its letter to X-Way, and to `log_` when it is called.
  Interceptor noting(std::string letter) {
    return {
        .on_request =
            [this, letter](Request& request) {
              log_ += letter;
              request.headers.set("X-Way", std::string(request.headers["X-Way"]) + letter);
              return std::optional<Response>();
            },
        .on_response = [this, letter](const Request&, const ResponseHead& head,
                                      const ExchangeInfo&) { log_ += letter + std::to_string(head.status); }};
  }
  static Interceptor answering(Response response) {
    return {.on_request = [response = std::move(response)](Request&) { return std::optional(response); }};
  }
  /// The exception comes through, or becomes an error where nobody could catch it.
  template <class Ask>
  void expect_hook_failure(Ask ask) {
    if (is_async()) {
      EXPECT_EQ(ask().error, Error::hook_threw);
    } else {
      EXPECT_THROW(ask(), std::runtime_error);
    }
  }
  std::string log_;
  Recorder seen_;
  LoopbackServer server_{record(seen_)};
};

INSTANTIATE_TEST_SUITE_P(Flavours, Interceptors, all_flavours(), flavour_name);

TEST_P(Interceptors, are_called_in_order_and_back) {
  Client client{{.interceptors = {noting("a"), noting("b"), {}, noting("c")}}};
  Request request{.url = server_.url()};
  EXPECT_EQ(ask(client, request).response.body, "recorded");
  EXPECT_EQ(log_, "abcc200b200a200");
  EXPECT_EQ(seen_.last().header("X-Way"), "abc");
  EXPECT_TRUE(request.headers.empty());
  const Opened opened = open(client, request);
  EXPECT_EQ(log_, "abcc200b200a200abcc200b200a200");
}

TEST_P(Interceptors, see_and_change_the_whole_request) {
  const auto change = [&](Request& request) {
    EXPECT_EQ(request.url, server_.url("/v1/users?k=v&q=1"));
    EXPECT_EQ(request.headers["X-Key"], "default");
    EXPECT_EQ(request.body.bytes(), "body");
    request.method = "PUT";
    request.url = "other";
    request.query = {{"z", "2"}};
    request.headers.erase("X-Key");
    request.body = Body::json("{}");
    return std::optional<Response>();
  };
  Client client{{.interceptors = {{.on_request = change}},
                 .base_url = server_.url("/v1/"),
                 .headers = {{"X-Key", "default"}},
                 .query = {{"k", "v"}}}};
  ask(client, {.method = "POST", .url = "users", .query = {{"q", "1"}}, .body = "body"});
  const ReceivedRequest last = seen_.last();
  EXPECT_EQ(last.method, "PUT");
  EXPECT_EQ(last.target, "/v1/other?z=2");
  EXPECT_EQ(last.body, "{}");
  EXPECT_EQ(last.header("Content-Type"), "application/json");
  EXPECT_EQ(last.count("X-Key"), 0);
}

TEST_P(Interceptors, may_set_options_of_the_call) {
  LoopbackServer silent([](Peer& peer) { peer.stall(); });
  Client client{{.interceptors = {{.on_request = [](Request& request) {
                   request.options.timeouts.total = 50ms;
                   return std::optional<Response>();
                 }}}}};
  EXPECT_EQ(get(client, silent.url()).error, Error::total_timeout);
}

TEST_P(Interceptors, are_held_to_what_a_request_may_have) {
  Client client{{.interceptors = {{.on_request = [](Request& request) {
                   request.headers.add("a b", "c");
                   return std::optional<Response>();
                 }}}}};
  EXPECT_EQ(get(client, server_.url()).error, Error::invalid_header);
  EXPECT_EQ(server_.requests_received(), 0);
}

TEST_P(Interceptors, may_answer_themselves) {
  Response cached{{.status = 203, .headers = {{"X-From", "cache"}}}};
  cached.body = "kept";
  cached.trailers.add("X-Sum", "1");
  Client client{{.interceptors = {noting("a"), answering(cached), noting("c")}}};
  const Outcome got = get(client, "http://user:secret@nowhere.invalid/x");
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.response.status, 203);
  EXPECT_EQ(got.response.body, "kept");
  EXPECT_EQ(got.response.headers["X-From"], "cache");
  EXPECT_EQ(got.response.trailers["X-Sum"], "1");
  EXPECT_EQ(got.response.info.attempts, 0);
  EXPECT_EQ(got.response.info.effective_url, "http://nowhere.invalid/x");
  EXPECT_EQ(log_, "aa203");
  EXPECT_EQ(client.pool().stats().leased, 0u);
}

TEST_P(Interceptors, may_answer_a_stream) {
  Response cached{{.status = 200}};
  cached.body = std::string(10'000, 'x') + "end";
  Client client{{.interceptors = {answering(cached)}}};
  Opened opened = open(client, {.url = "http://nowhere.invalid/"});
  ASSERT_FALSE(opened.error);
  EXPECT_EQ(opened.stream.head().status, 200);
  std::string body;
  EXPECT_FALSE(read_all(opened.stream, body, 999));
  EXPECT_EQ(body, cached.body);
  Opened drained = open(client, {.url = "http://nowhere.invalid/"});
  EXPECT_FALSE(drain(drained.stream));
  Opened closed = open(client, {.url = "http://nowhere.invalid/"});
  closed.stream.close();
  std::array<char, 10> room;
  EXPECT_EQ(read(closed.stream, room).size, 0u);
}

TEST_P(Interceptors, stand_around_redirects_and_retries) {
  LoopbackServer server([&](Peer& peer) {
    const auto request = peer.read_request();
    if (!request || peer.index() == 0) return;
    seen_.add(*request);
    peer.write(request->target == "/there" ? response(200, "there")
                                           : response(302, "", "Location: /there\r\nConnection: close\r\n"));
  });
  std::string url;
  int attempts = 0;
  const auto look = [&](const Request& request, const ResponseHead&, const ExchangeInfo& info) {
    url = request.url;
    attempts = info.attempts;
  };
  Client client{{.retry_strategy = retry_at_once(), .interceptors = {noting("a"), {.on_response = look}}}};
  EXPECT_EQ(get(client, server.url("/go")).response.body, "there");
  EXPECT_EQ(log_, "aa200");
  EXPECT_EQ(seen_.last().header("X-Way"), "a");
  EXPECT_EQ(url, server.url("/there"));
  EXPECT_EQ(attempts, 3);
}

TEST_P(Interceptors, that_throw_before_the_request_end_the_call) {  // pool scenario 135
  Client client{{.interceptors = {{.on_request = [](Request&) -> std::optional<Response> {
                   throw std::runtime_error("no");
                 }}}}};
  expect_hook_failure([&] { return get(client, server_.url()); });
  EXPECT_EQ(server_.requests_received(), 0);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Interceptors, that_throw_at_the_response_end_the_call) {  // pool scenario 135
  Client client{
      {.interceptors = {{.on_response = [](const Request&, const ResponseHead&, const ExchangeInfo&) {
         throw std::runtime_error("no");
       }}}}};
  expect_hook_failure([&] { return get(client, server_.url()); });
  expect_hook_failure([&] { return open(client, {.url = server_.url()}); });
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(client.pool().stats().available, 0u);
}

}  // namespace
}  // namespace headway::testing
