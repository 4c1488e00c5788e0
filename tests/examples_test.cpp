// SPDX-License-Identifier: BSL-1.0

// Runs each example as a user would, against a server on this machine.

#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_peer.hpp"

#include <headway/testing/loopback_server.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <string>

namespace headway::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

struct Ran {
  int exit_code;
  std::string out, err;
};

/// `command`: an example's name and its arguments, as a shell reads them; `before`: what stands before them.
Ran run(const std::string& command, const std::string& before = {}) {
  TemporaryDirectory directory;
  const std::string folder = directory.path();
  const int status = std::system(
      (before + EXAMPLES_DIRECTORY "/" + command + " >" + folder + "/out 2>" + folder + "/err").c_str());
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

TEST(Examples, upload_form_sends_a_form) {
  TemporaryDirectory directory;
  directory.write("cat.jpg", std::string(100'000, 'j'));
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    const bool whole =
        request.body.find("filename=\"cat.jpg\"\r\nContent-Type: image/jpeg\r\n\r\njjj") != std::string::npos;
    return response(whole ? 201 : 400, "");
  }));
  const Ran form = run("upload_form " + server.url() + ' ' + std::string(directory.path() / "cat.jpg"));
  EXPECT_EQ(form.exit_code, 0) << form.err;
  EXPECT_EQ(form.out, "201\n");
  EXPECT_THAT(form.err, StartsWith("sent all "));
}

TEST(Examples, download_saves_a_file) {
  TemporaryDirectory directory;
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return request.target == "/there" ? response(200, "saved") : response(404, "no");
  }));
  const std::string file = ' ' + std::string(directory.path() / "file");
  const Ran download = run("download " + server.url("/there") + file);
  EXPECT_EQ(download.exit_code, 0) << download.err;
  EXPECT_EQ(download.out, "5 bytes, of which 0 were there\n");
  EXPECT_EQ(directory.read("file"), "saved");
  EXPECT_EQ(run("download " + server.url("/gone") + file).err, "the server answered 404\n");
}

TEST(Examples, events_prints_them_and_asks_again) {
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nretry: 0\n";
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(peer.index() < 2 ? head + "data: " + std::to_string(peer.index()) + "\n\n"
                                : "HTTP/1.1 204 No Content\r\n\r\n");
  });
  const Ran events = run("events " + server.url());
  EXPECT_EQ(events.exit_code, 0) << events.err;
  EXPECT_EQ(events.out, "message: 0\nmessage: 1\n");
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

TEST(Examples, async_callbacks_asks_on_from_a_handler) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return response(request.method == "POST" ? 201 : 200, "hello\n");
  }));
  const Ran callbacks = run("async_callbacks " + server.url());
  EXPECT_EQ(callbacks.exit_code, 0) << callbacks.err;
  EXPECT_EQ(callbacks.out,
            "asked\n"
            "GET: 200, 6 bytes\n"
            "POST: 201 on the same connection\n"
            "future: 200\n");
  EXPECT_EQ(server.requests_received(), 3);
}

TEST(Examples, async_callbacks_tells_of_failures_through_the_handler_and_the_future) {
  LoopbackServer server([](Peer&) {});
  const std::string url = server.url();
  server.stop_listening();
  const Ran callbacks = run("async_callbacks " + url);
  EXPECT_EQ(callbacks.exit_code, 1);
  EXPECT_THAT(callbacks.out, StartsWith("asked\nGET: "));
  EXPECT_THAT(callbacks.out, Not(HasSubstr("POST")));
  EXPECT_NE(callbacks.err, "");
}

TEST(Examples, coroutines_gets_a_thousand_answers_over_fifty_connections) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "hello\n"); }));
  const Ran coroutines = run("coroutines " + server.url());
  EXPECT_EQ(coroutines.exit_code, 0) << coroutines.err;
  EXPECT_EQ(coroutines.err, "");
  EXPECT_THAT(coroutines.out,
              MatchesRegex("1000 of 1000 answered over [0-9]+ connections in [0-9.e+]+ ms\n"));
  EXPECT_LE(server.peak_open(), 50);
  EXPECT_EQ(server.requests_received(), 1000);
}

TEST(Examples, coroutines_counts_only_what_was_answered) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(503, "no"); }));
  const Ran coroutines = run("coroutines " + server.url());
  EXPECT_EQ(coroutines.exit_code, 1);
  EXPECT_THAT(coroutines.out, StartsWith("0 of 1000 answered"));
}

TEST(Examples, one_pool_two_faces_serves_both_within_its_cap) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "hello\n"); }));
  const Ran faces = run("one_pool_two_faces " + server.url());
  EXPECT_EQ(faces.exit_code, 0) << faces.err;
  EXPECT_THAT(faces.out, MatchesRegex("100 answers to threads, 100 to coroutines, 0 connections leased, "
                                      "[1-4] idle, at most 4\n"));
  EXPECT_LE(server.peak_open(), 4);
  EXPECT_EQ(server.requests_received(), 200);
}

TEST(Examples, cancel_and_deadline_waits_for_no_server_that_is_silent) {
  LoopbackServer server([](Peer& peer) {
    if (peer.read_request()) peer.wait_for_eof();
  });
  const Ran cancel = run("cancel_and_deadline " + server.url() + " 20");
  EXPECT_EQ(cancel.exit_code, 0) << cancel.err;
  EXPECT_THAT(cancel.out, HasSubstr("race: the timer was first\n"));
  EXPECT_THAT(cancel.out, HasSubstr("limit: "));
  EXPECT_THAT(cancel.out, EndsWith("signal: called off\n0 connections leased at the end\n"));
}

TEST(Examples, cancel_and_deadline_takes_what_comes_in_time) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "hello\n"); }));
  const Ran cancel = run("cancel_and_deadline " + server.url() + " 60000");
  EXPECT_EQ(cancel.exit_code, 0) << cancel.err;
  EXPECT_THAT(cancel.out, HasSubstr("race: 200\n"));
  EXPECT_THAT(cancel.out, HasSubstr("limit: 200\n"));
  EXPECT_THAT(cancel.out, EndsWith("signal: 200\n0 connections leased at the end\n"));
}

TEST(Examples, testing_your_code_shows_how_a_function_copes_with_failures) {
  const Ran testing = run("testing_your_code");
  EXPECT_EQ(testing.exit_code, 0) << testing.err;
  EXPECT_EQ(testing.out,
            "answers: 3 in stock\n"
            "closes early: unknown: connection closed before the response\n"
            "closes inside the body: unknown: the response's body was cut off\n"
            "resets: unknown: connection broken\n"
            "stalls: unknown: the response did not come in time\n"
            "splits at every byte: 3 in stock\n"
            "a day without an answer: unknown: the response did not come in time\n");
}

TEST(Examples, redirects_prints_the_way) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    if (request.target == "/a") return response(301, "", "Location: b\r\n");
    if (request.target == "/b") return response(307, "", "Location: /c\r\n");
    if (request.target == "/away") return response(302, "", "Location: http://elsewhere.test/\r\n");
    if (request.target == "/circle") return response(302, "", "Location: /circle\r\n");
    return response(200, "");
  }));
  const Ran followed = run("redirects " + server.url("/a"));
  EXPECT_EQ(followed.exit_code, 0) << followed.err;
  EXPECT_EQ(followed.out,
            "301 " + server.url("/a") + "\n307 " + server.url("/b") + "\n200 " + server.url("/c") + "\n");
  EXPECT_EQ(run("redirects " + server.url("/away")).out, "302 " + server.url("/away") + "\n");
  const Ran circle = run("redirects " + server.url("/circle"));
  EXPECT_EQ(circle.exit_code, 1);
  EXPECT_EQ(circle.err, server.url("/circle") + ": redirects go round in a circle\n");
}

TEST(Examples, compressed_counts_what_was_decoded) {
  // 8 zeros, in a stored block of RFC 1951 within RFC 1950.
  const std::string zeros("\x78\x01\x01\x08\x00\xf7\xff\0\0\0\0\0\0\0\0\x00\x08\x00\x01", 19);
  LoopbackServer server(keep_alive([&](const ReceivedRequest& request) {
    return request.count("Accept-Encoding") > 0 ? response(200, zeros, "Content-Encoding: deflate\r\n")
                                                : response(200, "12345678");
  }));
  const Ran counted = run("compressed " + server.url("/"));
  EXPECT_EQ(counted.exit_code, 0) << counted.err;
  EXPECT_THAT(counted.out, StartsWith("8 bytes out of "));
}

TEST(Examples, cookies_are_kept_in_a_file) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    return response(200, request.header("Cookie").value_or("none"), "Set-Cookie: visits=1\r\n");
  }));
  const TemporaryDirectory directory;
  const std::string command =
      "cookies " + (directory.path() / "jar").string() + ' ' + server.url("/a") + ' ' + server.url("/b");
  EXPECT_EQ(run(command).out, "none\nvisits=1\n127.0.0.1/ visits=1\n");
  EXPECT_EQ(run(command).out, "visits=1\nvisits=1\n127.0.0.1/ visits=1\n");
}

TEST(Examples, credentials_go_where_they_belong) {
  LoopbackServer api(keep_alive([](const ReceivedRequest& request) {
    const std::string token = request.header("Authorization").value_or("");
    return token == "Bearer fresh" ? response(200, "api") : response(401, "", "WWW-Authenticate: Bearer\r\n");
  }));
  LoopbackServer files(keep_alive([](const ReceivedRequest& request) {
    const std::string login = request.header("Authorization").value_or("");
    return login.empty() ? response(401, "", "WWW-Authenticate: Basic realm=\"r\"\r\n")
                         : response(200, login);
  }));
  const TemporaryDirectory directory;
  directory.write("netrc", "machine 127.0.0.1 login user password secret");
  EXPECT_EQ(run("credentials " + (directory.path() / "netrc").string() + ' ' + api.url() + ' ' +
                api.url("/") + ' ' + files.url("/"))
                .out,
            "200 api\n200 Basic dXNlcjpzZWNyZXQ=\n");
}

TEST(Examples, upgrade_speaks_another_protocol) {
  LoopbackServer server([](Peer& peer) {
    const auto request = peer.read_request();
    if (request->header("Upgrade") != "echo") {
      peer.write(response(426, ""));
      return;
    }
    peer.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    for (std::string got = peer.read_some(); !got.empty(); got = peer.read_some()) peer.write(got);
  });
  EXPECT_EQ(run("upgrade " + server.url() + " echo hello").out, "hello\n");
  EXPECT_EQ(run("upgrade " + server.url() + " other hello").exit_code, 1);
}

TEST(Examples, api_client_says_once_what_all_requests_have_in_common) {
  int asked = 0;
  LoopbackServer server(keep_alive([&](const ReceivedRequest& request) {
    if (++asked == 1) return response(429, "", "Retry-After: 0\r\n");
    return response(200, request.method + " " + request.target + " " + *request.header("Authorization") +
                             " " + *request.header("User-Agent"));
  }));
  const Ran api = run("api_client " + server.url("/v1/"));
  EXPECT_EQ(api.exit_code, 0) << api.err;
  EXPECT_EQ(api.out,
            "200 GET /v1/orders?tenant=blue%20%26%20green&city=Z%C3%BCrich&page=2 Bearer s3cret orders/1.0\n"
            "200 POST /v1/orders?tenant=blue%20%26%20green Bearer s3cret orders/1.0\n");
  EXPECT_EQ(server.requests_received(), 3);
}

TEST(Examples, interceptors_log_number_and_answer) {
  LoopbackServer server(keep_alive(
      [](const ReceivedRequest& request) { return response(200, *request.header("X-Request-Id")); }));
  const Ran ran = run("interceptors " + server.url());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "GET " + server.url("/version") + ": 200 after 0 tries\n7\nGET " + server.url("/a") +
                         ": 200 after 1 tries\n1\nGET " + server.url("/b") + ": 200 after 1 tries\n2\n");
}

TEST(Examples, proxy_asks_through_the_proxy_that_it_is_given_or_finds) {
  LoopbackServer server(keep_alive([](const ReceivedRequest& request) {
    const bool known = request.header("Proxy-Authorization") == "Basic dXNlcjpzZWNyZXQ=";
    if (!known) return response(407, "", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n");
    return response(200, request.target + '\n');
  }));
  const std::string url = "http://user:secret@127.0.0.1:" + std::to_string(server.port());
  const Ran given = run("proxy http://shop.test/ " + url);
  EXPECT_EQ(given.exit_code, 0) << given.err;
  EXPECT_EQ(given.out, "http://shop.test/\n");
  const Ran found = run("proxy http://shop.test/", "env -u no_proxy -u NO_PROXY http_proxy=" + url + " ");
  EXPECT_EQ(found.exit_code, 0) << found.err;
  EXPECT_EQ(found.out, "http://shop.test/\n");
}

TEST(Examples, proxy_tells_what_a_proxy_said_that_refused) {
  LoopbackServer server([](Peer& peer) {
    if (peer.read_request()) peer.write(response(403, "not this host\n"));
  });
  const Ran proxy = run("proxy https://shop.test/ 127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(proxy.exit_code, 1);
  EXPECT_THAT(proxy.err, AllOf(HasSubstr("403"), EndsWith("not this host\n")));
}

TEST(Examples, unix_socket_asks_a_service_of_this_machine) {
  NginxOptions options;
  options.unix_socket = true;
  const Nginx nginx(options);
  const Ran asked = run("unix_socket " + nginx.unix_socket() + " /");
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  EXPECT_EQ(asked.out, "hello\n");
  const Ran wrong = run("unix_socket " + std::string(108, 'x') + " /");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("unix_socket is longer than 107 bytes"));
  EXPECT_EQ(run("unix_socket").exit_code, 2);
}

TEST(Examples, https_trusts_the_authority_it_is_given_and_says_what_is_wrong) {
  Authority authority;
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, &echo_targets));
  const TemporaryDirectory directory;
  directory.write("ca.pem", authority.certificate());
  const std::string url = "https" + server.url("/hello").substr(4);
  const Ran trusting = run("https " + url + " " + std::string(directory.path() / "ca.pem"));
  EXPECT_EQ(trusting.exit_code, 0) << trusting.err;
  EXPECT_EQ(trusting.out, "/hello");
  const Ran careful = run("https " + url);
  EXPECT_EQ(careful.exit_code, 1);
  EXPECT_THAT(careful.err,
              HasSubstr("TLS handshake failed: the server's certificate is of an unknown issuer"));
  EXPECT_THAT(careful.err, EndsWith("-> name the file of its authority\n"));
}

TEST(Examples, all_say_how_they_are_used) {
  for (const char* example : {"async_callbacks", "cancel_and_deadline", "coroutines", "get", "https",
                              "one_pool_two_faces", "pool_tuning", "post_json", "proxy", "streaming"}) {
    const Ran wrong = run(example);
    EXPECT_EQ(wrong.exit_code, 2) << example;
    EXPECT_THAT(wrong.err, StartsWith("usage: " + std::string(example) + " URL"));
  }
}

}  // namespace
}  // namespace headway::testing
