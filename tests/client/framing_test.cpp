// SPDX-License-Identifier: BSL-1.0

// Where responses end, and those that do not say so as they must: nothing of one becomes part of the next.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

class Framings : public ClientTest {
 protected:
  /// What a server's bytes come to, and whether the connection is kept for the next request.
  Outcome ask_for(const std::string& bytes, const std::string& method, bool kept) {
    LoopbackServer server(first_connection([&](Peer& peer) {
      peer.read_request();
      peer.write(bytes);
      while (const auto request = peer.read_request()) peer.write(response(200, request->target));
    }));
    Client client{{.retry_strategy = NeverRetry{}}};
    const Outcome outcome = ask(client, {.method = method, .url = server.url()});
    EXPECT_EQ(get(client, server.url("/next")).response.body, "/next") << bytes;
    EXPECT_EQ(server.connections_accepted(), kept ? 1 : 2) << bytes;
    EXPECT_TRUE(pool_is_whole(client));
    return outcome;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, Framings, all_flavours(), flavour_name);

TEST_P(Framings, of_responses_without_a_body_whatever_their_fields_say) {  // pool rule 67
  const std::pair<const char*, std::string> table[] = {
      {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
      {"HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"},
      {"GET", "HTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"},
  };
  for (const auto& [method, bytes] : table) {
    const Outcome outcome = ask_for(bytes, method, true);
    EXPECT_FALSE(outcome.error) << bytes << outcome.error.message();
    EXPECT_EQ(outcome.response.body, "");
  }
  // Here some servers do send chunks.
  const std::string chunks = "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask_for(chunks + "0\r\n\r\n", "GET", false).response.status, 204);
}

TEST_P(Framings, that_give_a_body_to_a_status_without_one_are_errors) {  // pool rule 68
  for (const char* status : {"204 No Content", "205 Reset Content"}) {
    const std::string bytes = std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 5\r\n\r\nhello";
    EXPECT_EQ(ask_for(bytes, "GET", false).error, Error::malformed_response);
  }
}

TEST_P(Framings, that_another_parser_might_read_otherwise_are_errors) {  // pool rule 73
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const std::string& bytes : {
           ok + "A: b\x01\r\nContent-Length: 0\r\n\r\n",
           ok + "Content-Length : 0\r\n\r\n",
           ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           std::string("HTTP/1.7 200 OK\r\nContent-Length: 0\r\n\r\n"),
           ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
           ok + "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
       }) {
    EXPECT_EQ(ask_for(bytes, "GET", false).error, Condition::protocol) << bytes;
  }
}

TEST_P(Framings, of_informational_responses_are_skipped) {  // scenario 88
  const std::string bad = "HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\nno";
  for (const char* before : {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early\r\nLink: a\r\n\r\n",
                             "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early\r\n\r\n"}) {
    const Outcome outcome = ask_for(before + bad, "GET", true);
    EXPECT_EQ(outcome.response.status, 400) << before;
    EXPECT_EQ(outcome.response.body, "no");
    EXPECT_FALSE(outcome.response.headers.contains("Link"));
  }
}

TEST_P(Framings, of_informational_responses_with_a_body_are_errors) {  // scenario 88
  for (const char* status : {"100 Continue", "103 Early"}) {
    const std::string bytes = std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 2\r\n\r\nhi";
    EXPECT_EQ(ask_for(bytes + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", false).error,
              Condition::protocol);
  }
}

}  // namespace
}  // namespace headway::testing
