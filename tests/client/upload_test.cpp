// SPDX-License-Identifier: BSL-1.0

// Bodies that the client sends, of every kind.

#include "tests/client/client_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/headway.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <stdexcept>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Uploads : public ClientTest {
 protected:
  /// Sends `request`, expects its body to be echoed, and returns how the server saw it.
  ReceivedRequest received(Request request, const std::string& body) {
    Recorder recorder;
    LoopbackServer server(keep_alive([&](const ReceivedRequest& seen) {
      recorder.add(seen);
      return response(200, seen.body);
    }));
    Client client;
    request.url = server.url();
    for (int i = 0; i < (request.body.replayable() ? 2 : 1); ++i) {
      const Outcome got = ask(client, request);
      EXPECT_FALSE(got.error) << got.error.message();
      EXPECT_EQ(got.response.body, body);
      EXPECT_EQ(got.response.info.close_reason, CloseReason::none);
    }
    EXPECT_EQ(server.connections_accepted(), 1);
    return recorder.last();
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, Uploads, all_flavours(), flavour_name);

/// Yields `pieces` one by one.
Body pieces(std::vector<std::string> pieces, std::optional<std::uint64_t> length = std::nullopt) {
  const auto read = [pieces, next = std::size_t{0}](std::span<char> into, std::error_code&) mutable {
    return next < pieces.size() ? pieces[next++].copy(into.data(), into.size()) : 0;
  };
  return Body::stream(read, length);
}

TEST_P(Uploads, from_memory_have_a_length) {  // scenario 104
  const ReceivedRequest seen = received({.method = "POST", .body = "content"}, "content");
  EXPECT_EQ(seen.header("Content-Length"), "7");
  EXPECT_EQ(seen.count("Content-Type"), 0);
  EXPECT_EQ(seen.count("Transfer-Encoding"), 0);
}

TEST_P(Uploads, that_are_empty_say_so_where_a_body_is_usual) {  // scenario 104
  EXPECT_EQ(received({.method = "POST"}, "").header("Content-Length"), "0");
  EXPECT_EQ(received({.method = "PUT", .body = ""}, "").header("Content-Length"), "0");
  EXPECT_EQ(received({.method = "GET"}, "").count("Content-Length"), 0);
}

TEST_P(Uploads, of_forms_are_encoded) {
  const ReceivedRequest seen = received(
      {.method = "POST", .body = Body::form({{"a b", "1&2"}, {"c", "\xc3\xa9"}})}, "a+b=1%262&c=%C3%A9");
  EXPECT_EQ(seen.header("Content-Type"), "application/x-www-form-urlencoded");
}

TEST_P(Uploads, of_files_have_their_size_and_type) {
  TemporaryDirectory directory;
  const std::string content(300'000, 'f');
  directory.write("file", content);
  const ReceivedRequest seen =
      received({.method = "PUT", .body = Body::file(directory.path() / "file", "text/csv")}, content);
  EXPECT_EQ(seen.header("Content-Length"), "300000");
  EXPECT_EQ(seen.header("Content-Type"), "text/csv");
}

TEST_P(Uploads, of_large_files_come_byte_for_byte) {
  TemporaryDirectory directory;
  std::string content;
  for (int i = 0; content.size() < 5'000'000; ++i) content += std::to_string(i) + ' ';
  directory.write("file", content);
  received({.method = "PUT", .body = Body::file(directory.path() / "file")}, content);
}

TEST_P(Uploads, of_large_files_to_a_server_that_goes_fail_without_a_signal) {
  TemporaryDirectory directory;
  directory.write("file", std::string(20'000'000, 'f'));
  LoopbackServer server([](Peer& peer) {
    peer.read_head();
    peer.reset();
  });
  Client client({.retry_strategy = NeverRetry{}});
  const Outcome got =
      ask(client, {.method = "PUT", .url = server.url(), .body = Body::file(directory.path() / "file")});
  EXPECT_EQ(got.error, Condition::connect) << got.error.message();
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Uploads, of_a_large_file_end_with_an_early_answer) {
  TemporaryDirectory directory;
  directory.write("file", std::string(20'000'000, 'f'));
  LoopbackServer server([](Peer& peer) {
    peer.read_head();
    peer.write(response(413, "too large"));
    peer.stall();
  });
  Client client;
  const Outcome got =
      ask(client, {.method = "PUT", .url = server.url(), .body = Body::file(directory.path() / "file")});
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.status, 413);
}

TEST_P(Uploads, are_read_no_faster_than_the_server_takes_them) {  // scenario 112
  LoopbackServer server([](Peer& peer) { peer.stall(); });
  std::uint64_t read = 0;
  const Body endless = Body::stream([&read](std::span<char> into, std::error_code&) {
    read += into.size();
    return into.size();
  });
  Client client({.timeouts = {.write = 20ms}, .retry_strategy = NeverRetry{}});
  EXPECT_EQ(ask(client, {.method = "PUT", .url = server.url(), .body = endless}).error, Error::write_timeout);
  EXPECT_GT(read, 0u);
  EXPECT_LT(read, 64u << 20);  // what the sockets' buffers hold, and no more
}

TEST_P(Uploads, of_a_file_that_shrinks_meanwhile_fail) {
  TemporaryDirectory directory;
  const std::string path = directory.path() / "file";
  directory.write("file", std::string(20'000'000, 'f'));
  LoopbackServer server([&](Peer& peer) {
    peer.read_head();
    std::filesystem::resize_file(path, 10);
    while (!peer.read_some().empty()) {
    }
  });
  Client client;
  const Outcome got = ask(client, {.method = "PUT", .url = server.url(), .body = Body::file(path)});
  EXPECT_EQ(got.error, Error::body_length_mismatch) << got.error.message();
}

TEST_P(Uploads, tell_of_their_progress) {
  TemporaryDirectory directory;
  directory.write("file", std::string(300'000, 'f'));
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, ""); }));
  Client client;
  const Body bodies[] = {Body(std::string(300'000, 'm')), Body::file(directory.path() / "file"),
                         pieces(std::vector<std::string>(300, std::string(1000, 's')))};
  for (const Body& body : bodies) {
    std::vector<Progress> seen;
    Request request{.method = "POST", .url = server.url(), .body = body};
    request.progress = [&](const Progress& progress) { seen.push_back(progress); };
    ASSERT_FALSE(ask(client, request).error);
    ASSERT_FALSE(seen.empty());
    for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_GT(seen[i].sent, seen[i - 1].sent);
    EXPECT_EQ(seen.back().sent, 300'000u);
    EXPECT_EQ(seen.back().to_send.has_value(), body.replayable());
  }
}

TEST_P(Uploads, end_where_the_progress_function_throws) {
  LoopbackServer server(echo_body());
  Client client;
  Request request{.method = "POST", .url = server.url(), .body = "content"};
  request.progress = [](const Progress&) { throw std::runtime_error("enough"); };
  if (is_async()) {
    EXPECT_EQ(ask(client, request).error, Error::hook_threw);
  } else {
    EXPECT_THROW(ask(client, request), std::runtime_error);
  }
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Uploads, wait_for_a_continue_where_they_are_large) {
  Recorder recorder;
  LoopbackServer server([&](Peer& peer) {
    while (auto request = peer.read_head()) {
      if (request->count("Expect") > 0) peer.write("HTTP/1.1 100 Continue\r\n\r\n");
      peer.read_body(*request);
      recorder.add(*request);
      peer.write(response(200, ""));
    }
  });
  Client client;
  const auto expects = [&](const Body& body) {
    const Outcome got =
        ask(client, {.method = "POST",
                     .url = server.url(),
                     .body = body,
                     .options = {.expect_continue = ExpectContinue::large, .expect_continue_from = 1000}});
    EXPECT_FALSE(got.error) << got.error.message();
    return recorder.last().count("Expect") == 1;
  };
  EXPECT_FALSE(expects(std::string(999, 'x')));
  EXPECT_TRUE(expects(std::string(1000, 'x')));
  EXPECT_EQ(recorder.last().body, std::string(1000, 'x'));
  EXPECT_TRUE(expects(pieces({"a", "b"})));
  EXPECT_FALSE(expects(""));
}

TEST_P(Uploads, of_empty_files_work) {
  TemporaryDirectory directory;
  directory.write("file", "");
  EXPECT_EQ(
      received({.method = "PUT", .body = Body::file(directory.path() / "file")}, "").header("Content-Length"),
      "0");
}

TEST_P(Uploads, of_multipart_forms_have_a_length_where_all_parts_do) {
  TemporaryDirectory directory;
  directory.write("cat.jpg", std::string(50'000, 'j'));
  Recorder recorder;
  LoopbackServer server(record(recorder));
  Client client;
  const Body form =
      Body::multipart({{.name = "title", .content = "a cat"},
                       {.name = "photo", .content = Body::file(directory.path() / "cat.jpg", "image/jpeg")}});
  for (int i = 0; i < 2; ++i) {
    const Outcome got = ask(client, {.method = "POST", .url = server.url(), .body = form});
    ASSERT_FALSE(got.error) << got.error.message();
  }
  EXPECT_EQ(server.connections_accepted(), 1);
  const ReceivedRequest seen = recorder.last();
  EXPECT_EQ(seen.header("Content-Type"), form.content_type());
  EXPECT_EQ(seen.header("Content-Length"), std::to_string(seen.body.size()));
  EXPECT_THAT(seen.body,
              HasSubstr("name=\"photo\"; filename=\"cat.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" +
                        std::string(50'000, 'j') + "\r\n--"));
}

TEST_P(Uploads, of_multipart_forms_with_endless_parts_are_chunked) {
  Recorder recorder;
  LoopbackServer server(record(recorder));
  Client client;
  const Outcome got =
      ask(client, {.method = "POST",
                   .url = server.url(),
                   .body = Body::multipart({{.name = "log", .content = pieces({"one", "two"})}})});
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(recorder.last().header("Transfer-Encoding"), "chunked");
  EXPECT_THAT(recorder.last().body, HasSubstr("\r\n\r\nonetwo\r\n--"));
}

TEST_P(Uploads, of_unknown_length_are_chunked) {  // scenario 104
  const ReceivedRequest seen =
      received({.method = "POST", .body = pieces({"one", "two", "three"})}, "onetwothree");
  EXPECT_EQ(seen.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(seen.count("Content-Length"), 0);
  EXPECT_THAT(seen.raw, HasSubstr("3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"));
}

TEST_P(Uploads, of_known_length_are_not_chunked) {
  const ReceivedRequest seen = received({.method = "POST", .body = pieces({"one", "two"}, 6)}, "onetwo");
  EXPECT_EQ(seen.header("Content-Length"), "6");
}

TEST_P(Uploads, end_with_the_trailers) {  // scenario 92
  for (const Body& body : {Body("content"), pieces({"content"})}) {
    const ReceivedRequest seen =
        received({.method = "POST", .body = body, .trailers = {{"X-Sum", "1"}, {"X-Sum", "2"}}}, "content");
    EXPECT_EQ(seen.header("Transfer-Encoding"), "chunked");
    EXPECT_THAT(seen.raw, HasSubstr("7\r\ncontent\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n"));
  }
}

TEST_P(Uploads, larger_than_any_buffer_arrive_whole) {
  std::string large(8'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
  received({.method = "POST", .body = large}, large);
}

TEST_P(Uploads, leave_as_they_are_made) {  // scenario 105
  Gate first_piece_seen;
  LoopbackServer server([&](Peer& peer) {
    auto request = peer.read_head();
    EXPECT_EQ(peer.read_some(), "5\r\nfirst\r\n");
    first_piece_seen.open();
    while (peer.read_some().find("0\r\n\r\n") == std::string::npos) {
    }
    peer.write(response(200, "seen"));
    peer.wait_for_eof();
  });
  int calls = 0;
  const auto read = [&](std::span<char> into, std::error_code&) -> std::size_t {
    if (++calls == 1) return std::string_view("first").copy(into.data(), into.size());
    EXPECT_TRUE(first_piece_seen.wait());
    return 0;
  };
  Client client;
  const Outcome got = ask(client, {.method = "POST", .url = server.url(), .body = Body::stream(read)});
  EXPECT_EQ(got.response.body, "seen");
}

class FailingUploads : public ClientTest {
 protected:
  /// What a POST of `body` comes to; the connection must be closed, the request not be sent again.
  std::error_code error_of(Body body) {
    LoopbackServer server([](Peer& peer) {
      if (peer.index() > 0) return echo_target()(peer);
      peer.read_head();
      peer.wait_for_eof();
    });
    Client client{{.retry_strategy = retry_at_once()}};
    const std::error_code error =
        ask(client, {.method = "PUT", .url = server.url(), .body = std::move(body)}).error;
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_TRUE(server.wait_for_closed_connections(1));
    EXPECT_EQ(server.requests_received(), 1);
    EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
    return error;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, FailingUploads, all_flavours(), flavour_name);

TEST_P(FailingUploads, give_the_sources_own_error_and_are_not_tried_again) {  // scenarios 37 and 110
  const auto failing = [](std::span<char>, std::error_code& ec) {
    ec = std::make_error_code(std::errc::connection_reset);
    return std::size_t{0};
  };
  const auto rewind = [] { return true; };
  EXPECT_EQ(error_of(Body::stream(failing, std::nullopt, rewind)), std::errc::connection_reset);
  EXPECT_EQ(error_of(Body::stream(failing, 10, rewind)), std::errc::connection_reset);
}

TEST_P(FailingUploads, are_those_that_are_shorter_or_longer_than_they_said) {  // scenario 109
  EXPECT_EQ(error_of(pieces({"short"}, 6)), Error::body_length_mismatch);
  EXPECT_EQ(error_of(pieces({"too long"}, 4)), Error::body_length_mismatch);
}

TEST_P(FailingUploads, include_a_second_use_of_what_can_be_read_once) {  // pool rule 51
  LoopbackServer server(echo_body());
  Client client;
  const Request once{.method = "POST", .url = server.url(), .body = pieces({"once"})};
  EXPECT_EQ(ask(client, once).response.body, "once");
  EXPECT_EQ(ask(client, once).error, Error::body_not_replayable);
  EXPECT_EQ(server.requests_received(), 1);
}

}  // namespace
}  // namespace headway::testing
