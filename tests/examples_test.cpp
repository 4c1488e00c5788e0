// SPDX-License-Identifier: BSL-1.0

// Runs each example as a user would, against a server on this machine.

#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <string>

namespace headway::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Ran {
  int exit_code;
  std::string out, err;
};

/// `command`: an example's name and its arguments, as a shell reads them.
Ran run(const std::string& command) {
  TemporaryDirectory directory;
  const std::string folder = directory.path();
  const int status =
      std::system((EXAMPLES_DIRECTORY "/" + command + " >" + folder + "/out 2>" + folder + "/err").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, directory.read("out"), directory.read("err")};
}

TEST(Examples, get_prints_the_body) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "hello\n"); }));
  const Ran get = run("get " + server.url("/hello"));
  EXPECT_EQ(get.exit_code, 0) << get.err;
  EXPECT_EQ(get.out, "hello\n");
}

TEST(Examples, get_says_what_failed) {
  const Ran get = run("get ftp://127.0.0.1/");
  EXPECT_EQ(get.exit_code, 1);
  EXPECT_THAT(get.err, StartsWith("GET ftp://127.0.0.1/"));
}

TEST(Examples, post_json_sends_what_it_is_given_and_prints_the_answer) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    const std::string echo =
        request.method + ' ' + request.header("Content-Type").value_or("") + ' ' + request.body;
    return response(201, echo, "Content-Type: text/plain\r\n");
  }));
  const Ran post = run("post_json " + server.url("/orders"));
  EXPECT_EQ(post.exit_code, 0) << post.err;
  EXPECT_EQ(post.out, "201 text/plain\nPOST application/json {\"order\": 17}\n");
}

TEST(Examples, post_json_tells_failures_apart) {
  LoopbackServer server([](Peer&) {});
  const std::string url = server.url();
  server.stop_listening();
  const Ran post = run("post_json " + url);
  EXPECT_EQ(post.exit_code, 1);
  EXPECT_THAT(post.err, HasSubstr("nobody listens there"));
}

TEST(Examples, pool_tuning_keeps_to_its_caps) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "hello\n"); }));
  const Ran tuning = run("pool_tuning " + server.url());
  EXPECT_EQ(tuning.exit_code, 0) << tuning.err;
  EXPECT_EQ(tuning.err, "");
  EXPECT_THAT(tuning.out,
              AllOf(HasSubstr("0 pending, at most 2\n"), HasSubstr("at the end: 0 leased, 0 available")));
  EXPECT_LE(server.peak_open(), 2);
  EXPECT_EQ(server.requests_received(), 8);
}

TEST(Examples, streaming_saves_the_body) {
  const std::string body(300'000, 'x');
  LoopbackServer server(keep_alive([&](const ReceivedRequest&) { return response(200, body); }));
  TemporaryDirectory directory;
  const Ran streaming = run("streaming " + server.url() + ' ' + std::string(directory.path() / "saved"));
  EXPECT_EQ(streaming.exit_code, 0) << streaming.err;
  EXPECT_TRUE(directory.read("saved") == body);
}

TEST(Examples, streaming_takes_no_body_that_was_cut_off) {
  LoopbackServer server([](Peer& peer) {
    if (peer.read_request()) peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  });
  const Ran streaming = run("streaming " + server.url() + " /dev/null");
  EXPECT_EQ(streaming.exit_code, 1);
  EXPECT_THAT(streaming.err, StartsWith("the body: "));
}

TEST(Examples, streaming_takes_no_error_page_for_the_body) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(404, "no"); }));
  const Ran streaming = run("streaming " + server.url() + " /dev/null");
  EXPECT_EQ(streaming.exit_code, 1);
  EXPECT_EQ(streaming.err, "the server answered 404\n");
}

TEST(Examples, all_say_how_they_are_used) {
  for (const char* example : {"get", "pool_tuning", "post_json", "streaming"}) {
    const Ran wrong = run(example);
    EXPECT_EQ(wrong.exit_code, 2) << example;
    EXPECT_THAT(wrong.err, StartsWith("usage: " + std::string(example) + " URL"));
  }
}

}  // namespace
}  // namespace headway::testing
