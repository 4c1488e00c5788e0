// SPDX-License-Identifier: BSL-1.0

// Asking for something, as the overview of the interface shows it.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::StartsWith;

class Asking : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, Asking, all_flavours(), flavour_name);

TEST(AskingAsShown, gets_status_headers_body_and_text) {
  LoopbackServer server(
      answer(response(200, "gr\xfc\xdf", "Content-Type: text/plain; charset=iso-8859-1\r\n")));
  headway::Client client;
  headway::Response response = client.get(server.url("/hello"));
  int status = response.status;
  std::string_view type = response.headers["content-TYPE"];
  std::string body = response.body;
  std::string text = response.text();
  EXPECT_EQ(status, 200);
  EXPECT_EQ(type, "text/plain; charset=iso-8859-1");
  EXPECT_EQ(response.headers["X-Absent"], "");
  EXPECT_EQ(body, "gr\xfc\xdf");
  EXPECT_EQ(text, "gr\xc3\xbc\xc3\x9f");
}

TEST(AskingAsShown, has_a_call_for_each_common_method) {
  Recorder recorder;
  LoopbackServer server(keep_alive([&](const ReceivedRequest& request) {
    recorder.add(request);
    return request.method == "HEAD" ? std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
                                    : response(200, "");
  }));
  const std::string url = server.url("/thing");
  headway::Client client;
  std::error_code ec;
  const std::string body = "content";
  client.get(url), client.get(url, ec);
  client.head(url), client.head(url, ec);
  client.post(url, body), client.post(url, body, ec);
  client.put(url, body), client.put(url, body, ec);
  client.patch(url, body), client.patch(url, body, ec);
  client.del(url), client.del(url, ec);
  EXPECT_FALSE(ec);
  std::vector<std::string> seen;
  for (const ReceivedRequest& request : recorder.requests())
    seen.push_back(request.method + ' ' + request.body);
  EXPECT_THAT(seen,
              ElementsAre("GET ", "GET ", "HEAD ", "HEAD ", "POST content", "POST content", "PUT content",
                          "PUT content", "PATCH content", "PATCH content", "DELETE ", "DELETE "));
}

TEST(AskingAsShown, sends_a_request_filled_with_designated_initializers) {
  Recorder recorder;
  LoopbackServer server(record(recorder));
  headway::Client client;
  headway::Response r = client.send({
      .method = "POST",
      .url = server.url("/trace"),
      .headers = {{"Accept-Language", "zh-cn"}, {"User-Agent", "tracer/1.0"}},
      .body = headway::Body::json(R"({"order": 17})"),
      .options = {.timeouts = {.connect = 1s, .total = 5s}},
  });
  const ReceivedRequest seen = recorder.last();
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/trace");
  EXPECT_EQ(seen.header("Accept-Language"), "zh-cn");
  EXPECT_EQ(seen.header("User-Agent"), "tracer/1.0");
  EXPECT_EQ(seen.count("User-Agent"), 1);
  EXPECT_EQ(seen.header("Content-Type"), "application/json");
  EXPECT_EQ(seen.body, R"({"order": 17})");
  EXPECT_FALSE(r.info.connection_reused);
  EXPECT_EQ(r.info.attempts, 1);
  EXPECT_EQ(r.info.effective_url, server.url("/trace"));
  EXPECT_GT(r.info.timings.total, 0us);
  EXPECT_GE(r.info.timings.total, r.info.timings.first_byte);
  EXPECT_GE(r.info.timings.first_byte, r.info.timings.lease);
}

TEST(AskingAsShown, reuses_the_memory_of_a_response) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return response(200, request.target == "/long" ? std::string(10'000, 'x') : "short",
                    "X-Only-Long: 1\r\n");
  }));
  headway::Client client;
  headway::Response r;
  std::error_code ec;
  client.send({.url = server.url("/long")}, r, ec);
  const char* memory = r.body.data();
  client.send({.url = server.url("/short")}, r, ec);
  EXPECT_FALSE(ec);
  EXPECT_EQ(r.body, "short");
  EXPECT_EQ(r.body.data(), memory);
  EXPECT_TRUE(r.info.connection_reused);
}

TEST_P(Asking, leaves_nothing_of_an_earlier_response_in_a_reused_one) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) -> std::string {
    if (request.target != "/rich") return "HTTP/1.1 204 None\r\n\r\n";
    return "HTTP/1.1 200 Rich\r\nTransfer-Encoding: chunked\r\nX-Rich: 1\r\n\r\n2\r\nab\r\n0\r\nX-Trailer: "
           "t\r\n\r\n";
  }));
  Client client;
  Response r;
  std::error_code ec;
  client.send({.url = server.url("/rich")}, r, ec);
  ASSERT_EQ(r.trailers["X-Trailer"], "t");
  client.send({.url = server.url("/poor")}, r, ec);
  EXPECT_EQ(r.status, 204);
  EXPECT_EQ(r.reason, "None");
  EXPECT_EQ(r.body, "");
  EXPECT_TRUE(r.headers.empty());
  EXPECT_TRUE(r.trailers.empty());
}

TEST_P(Asking, keeps_repeated_fields_in_order_and_trailers_apart) {  // pool rule 71, scenario 92
  LoopbackServer server(
      answer("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nTransfer-Encoding: chunked\r\nset-cookie: b=2\r\n\r\n"
             "3\r\nabc\r\n0\r\nX-Sum: 6\r\nX-SUM: 7\r\n\r\n"));
  Client client;
  const Outcome got = get(client, server.url());
  EXPECT_THAT(got.response.headers.values("Set-Cookie"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(got.response.trailers.values("X-Sum"), ElementsAre("6", "7"));
  EXPECT_FALSE(got.response.headers.contains("X-Sum"));
  EXPECT_EQ(got.response.body, "abc");
}

TEST_P(Asking, understands_an_answer_that_comes_byte_by_byte) {  // scenario 95
  LoopbackServer server([](Peer& peer) {
    while (peer.read_request()) {
      peer.write_byte_by_byte(
          "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b c\r\n"
          "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n");
    }
  });
  Client client;
  for (int i = 0; i < 3; ++i) {
    const Outcome got = get(client, server.url());
    EXPECT_EQ(got.response.headers["X-A"], "b c");
    EXPECT_EQ(got.response.body, "a0123456789");
    EXPECT_EQ(got.response.trailers["T"], "u");
  }
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(Asking, hands_out_responses_of_every_final_status) {
  LoopbackServer server(keep_alive(
      [](const ReceivedRequest& request) { return response(std::stoi(request.target.substr(1)), "body"); }));
  Client client;
  for (const int status : {200, 201, 299, 301, 404, 418, 500, 503, 599, 999}) {
    const Outcome got = get(client, server.url("/" + std::to_string(status)));
    EXPECT_FALSE(got.error);
    EXPECT_EQ(got.response.status, status);
    EXPECT_EQ(got.response.body, "body");
  }
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(Asking, sends_neither_fragment_nor_credentials_of_the_url) {  // scenario 118
  Recorder recorder;
  LoopbackServer server(record(recorder));
  Client client;
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  const Outcome got = get(client, "http://user:secret@" + host + "/a?b=c#fragment");
  EXPECT_EQ(recorder.last().target, "/a?b=c");
  EXPECT_EQ(recorder.last().header("Host"), host);
  EXPECT_THAT(got.response.info.effective_url, StartsWith("http://" + host + "/a?b=c"));
}

TEST_P(Asking, sends_the_hosts_name_that_the_request_gives) {
  Recorder recorder;
  LoopbackServer server(record(recorder));
  Client client;
  ask(client, {.url = server.url(), .headers = {{"Host", "virtual.example"}}});
  EXPECT_EQ(recorder.last().header("Host"), "virtual.example");
  EXPECT_EQ(recorder.last().count("Host"), 1);
}

}  // namespace
}  // namespace headway::testing
