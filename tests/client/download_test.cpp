// SPDX-License-Identifier: BSL-1.0

// Bodies that go to files and functions, in every flavour.

#include "tests/client/client_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/headway.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <gmock/gmock.h>

#include <filesystem>
#include <future>

namespace headway::testing {
namespace {

struct Downloaded {
  std::error_code error;
  Download result;
};

/// Calls `start(token)` with a token of the flavour and waits for the end.
template <class Result, class Start>
std::pair<std::error_code, Result> completed(Flavour flavour, Start start) {
  std::pair<std::error_code, Result> end;
  if (flavour == Flavour::callback) {
    std::promise<std::pair<std::error_code, Result>> promise;
    start([&](std::error_code ec, Result result) { promise.set_value({ec, std::move(result)}); });
    return promise.get_future().get();
  }
  try {
    if (flavour == Flavour::future) {
      end.second = start(asio::use_future).get();
    } else {
      asio::io_context here;
      auto result = asio::co_spawn(here, start(asio::use_awaitable), asio::use_future);
      here.run();
      end.second = result.get();
    }
  } catch (const std::system_error& error) {
    end.first = error.code();
  }
  return end;
}

class Downloads : public ClientTest {
 protected:
  Downloaded download(Client& client, const Request& request, const DownloadOptions& options = {}) const {
    Downloaded got;
    if (is_async()) {
      auto end = completed<Download>(GetParam(), [&](auto&& token) {
        return client.async_download(Request(request), path(), options, std::forward<decltype(token)>(token));
      });
      return {end.first, std::move(end.second)};
    }
    if (GetParam() == Flavour::error_code) {
      got.result = client.download(request, path(), options, got.error);
      return got;
    }
    try {
      got.result = client.download(request, path(), options);
    } catch (const RequestError& error) {
      got.error = error.code();
    }
    return got;
  }
  Outcome send(Client& client, const Request& request, const BodySink& sink) const {
    Outcome got;
    if (is_async()) {
      auto end = completed<Response>(GetParam(), [&](auto&& token) {
        return client.async_send(Request(request), BodySink(sink), std::forward<decltype(token)>(token));
      });
      got.error = end.first;
      got.response = std::move(end.second);
      return got;
    }
    if (GetParam() == Flavour::error_code) {
      got.response = client.send(request, sink, got.error);
      return got;
    }
    try {
      got.response = client.send(request, sink);
    } catch (const RequestError& error) {
      got.error = error.code();
    }
    return got;
  }

  std::string path() const { return directory_.path() / "file"; }
  std::string saved() const { return directory_.read("file"); }
  /// Names of all that is in the directory.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(directory_.path()))) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Flavours, Downloads, all_flavours(), flavour_name);

using Names = std::vector<std::string>;

const std::string content = [] {
  std::string text;
  for (int i = 0; text.size() < 500'000; ++i) text += std::to_string(i) + '\n';
  return text;
}();

/// The head of a whole response that can be gone on with.
std::string whole_head(const std::string& tag = "\"v1\"") {
  return "HTTP/1.1 200 OK\r\nETag: " + tag + "\r\nContent-Length: " + std::to_string(content.size()) +
         "\r\n\r\n";
}

/// Sends the first `size` bytes of the content and breaks off.
Handler break_off(std::size_t size, const std::string& tag = "\"v1\"") {
  return answer_and_close(whole_head(tag) + content.substr(0, size));
}

/// A server of one file, with ranges.
Handler serve(Recorder& recorder, const std::string& tag = "\"v1\"") {
  return keep_alive([&recorder, tag](const ReceivedRequest& request) {
    recorder.add(request);
    const std::string range = request.header("Range").value_or("");
    if (range.empty() || request.header("If-Range") != tag) return whole_head(tag) + content;
    const std::size_t from = std::stoul(range.substr(range.find('=') + 1));
    const std::string size = std::to_string(content.size());
    if (from >= content.size()) {
      return "HTTP/1.1 416 No\r\nContent-Range: bytes */" + size + "\r\nContent-Length: 0\r\n\r\n";
    }
    return "HTTP/1.1 206 Partial Content\r\nETag: " + tag + "\r\nContent-Range: bytes " +
           std::to_string(from) + '-' + std::to_string(content.size() - 1) + '/' + size +
           "\r\nContent-Length: " + std::to_string(content.size() - from) + "\r\n\r\n" + content.substr(from);
  });
}

TEST_P(Downloads, become_a_file) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  directory_.write("file", "old");
  for (const FileSync sync : {FileSync::off, FileSync::on}) {
    const Downloaded got = download(client, {.url = server.url()}, {.sync = sync});
    ASSERT_FALSE(got.error) << got.error.message();
    EXPECT_EQ(got.result.status, 200);
    EXPECT_TRUE(got.result.saved);
    EXPECT_EQ(got.result.size, content.size());
    EXPECT_EQ(got.result.body, "");
    EXPECT_EQ(saved(), content);
    EXPECT_EQ(files(), Names{"file"});
  }
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_EQ(recorder.last().count("Range"), 0);
}

TEST_P(Downloads, of_nothing_are_an_empty_file) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, ""); }));
  Client client;
  const Downloaded got = download(client, {.url = server.url()});
  EXPECT_TRUE(got.result.saved);
  EXPECT_EQ(saved(), "");
}

TEST_P(Downloads, leave_the_file_alone_where_they_fail) {
  LoopbackServer server(break_off(1000));
  Client client({.retry_strategy = NeverRetry{}});
  directory_.write("file", "old");
  EXPECT_EQ(download(client, {.url = server.url()}).error, Error::body_truncated);
  EXPECT_EQ(saved(), "old");
  EXPECT_EQ(files(), Names{"file"});
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Downloads, keep_what_is_no_file_in_memory) {
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(404, "no such thing"); }));
  Client client;
  directory_.write("file", "old");
  const Downloaded got = download(client, {.url = server.url()}, {.resume = Resume::on});
  EXPECT_FALSE(got.error);
  EXPECT_FALSE(got.result.saved);
  EXPECT_EQ(got.result.status, 404);
  EXPECT_EQ(got.result.body, "no such thing");
  EXPECT_EQ(saved(), "old");
  EXPECT_EQ(files(), Names{"file"});
}

TEST_P(Downloads, go_on_where_they_broke_off) {
  Recorder recorder;
  LoopbackServer server(in_turn({break_off(100'000), serve(recorder)}));
  Client client;
  const DownloadOptions options{.resume = Resume::on};
  EXPECT_EQ(download(client, {.url = server.url("/a")}, options).error, Error::body_truncated);
  EXPECT_EQ(directory_.read("file.part"), content.substr(0, 100'000));
  const Downloaded got = download(client, {.url = server.url("/a")}, options);
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.result.status, 206);
  EXPECT_EQ(got.result.resumed_from, 100'000u);
  EXPECT_EQ(got.result.size, content.size());
  EXPECT_EQ(saved(), content);
  EXPECT_EQ(files(), Names{"file"});
  EXPECT_EQ(recorder.last().header("Range"), "bytes=100000-");
  EXPECT_EQ(recorder.last().header("If-Range"), "\"v1\"");
  EXPECT_EQ(recorder.last().header("Accept-Encoding"), "identity");
}

TEST_P(Downloads, begin_anew_where_the_file_has_changed) {
  Recorder recorder;
  LoopbackServer server(in_turn({break_off(100'000, "\"v0\""), serve(recorder)}));
  Client client;
  const DownloadOptions options{.resume = Resume::on};
  EXPECT_EQ(download(client, {.url = server.url("/a")}, options).error, Error::body_truncated);
  const Downloaded got = download(client, {.url = server.url("/a")}, options);
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.result.status, 200);
  EXPECT_EQ(got.result.resumed_from, 0u);
  EXPECT_EQ(recorder.last().header("If-Range"), "\"v0\"");
  EXPECT_EQ(saved(), content);
}

TEST_P(Downloads, do_not_go_on_with_what_cannot_be_told_apart) {
  Recorder recorder;
  LoopbackServer server(in_turn({break_off(1000, "W/\"weak\""), break_off(1000), serve(recorder)}));
  Client client;
  const DownloadOptions options{.resume = Resume::on};
  EXPECT_EQ(download(client, {.url = server.url("/a")}, options).error, Error::body_truncated);
  EXPECT_EQ(files(), Names{});
  EXPECT_EQ(download(client, {.url = server.url("/a")}, options).error, Error::body_truncated);
  EXPECT_FALSE(download(client, {.url = server.url("/other")}, options).error);
  EXPECT_EQ(recorder.last().count("Range"), 0);
  EXPECT_EQ(saved(), content);
}

TEST_P(Downloads, are_done_where_only_the_name_was_missing) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  directory_.write("file.part", content);
  directory_.write("file.part.from", server.url("/a") + "\n\"v1\"\n");
  const Downloaded got = download(client, {.url = server.url("/a")}, {.resume = Resume::on});
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_TRUE(got.result.saved);
  EXPECT_EQ(got.result.resumed_from, content.size());
  EXPECT_EQ(saved(), content);
  EXPECT_EQ(files(), Names{"file"});
}

TEST_P(Downloads, ask_for_the_whole_where_the_rest_cannot_be_had) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  directory_.write("file.part", content + "too much");
  directory_.write("file.part.from", server.url("/a") + "\n\"v1\"\n");
  const Downloaded got = download(client, {.url = server.url("/a")}, {.resume = Resume::on});
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.result.status, 200);
  EXPECT_EQ(saved(), content);
  EXPECT_EQ(recorder.requests().size(), 2u);
}

TEST_P(Downloads, take_no_other_range_than_they_asked_for) {
  LoopbackServer server(
      answer("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\n"
             "Content-Length: 10\r\n\r\n0123456789"));
  Client client;
  directory_.write("file.part", "01234");
  directory_.write("file.part.from", server.url("/a") + "\n\"v1\"\n");
  EXPECT_EQ(download(client, {.url = server.url("/a")}, {.resume = Resume::on}).error, Error::wrong_range);
  EXPECT_EQ(directory_.read("file.part"), "01234");
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Downloads, have_a_limit) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  EXPECT_EQ(download(client, {.url = server.url()}, {.max_size = content.size() - 1}).error,
            Error::body_too_large);
  EXPECT_EQ(files(), Names{});
  EXPECT_FALSE(download(client, {.url = server.url()}, {.max_size = content.size()}).error);
}

TEST_P(Downloads, leave_anothers_beginnings_alone_where_they_get_nothing) {
  directory_.write("file.part", "half of a");
  directory_.write("file.part.from", "http://a.test/a\n\"tag\"\n");
  LoopbackServer server([](Peer& peer) { peer.read_request(); });
  Client client{{.retry_strategy = NeverRetry{}}};
  EXPECT_EQ(download(client, {.url = server.url("/b")}, {.resume = Resume::on}).error, Condition::connect);
  EXPECT_EQ(directory_.read("file.part"), "half of a");
  EXPECT_EQ(files().size(), 2u);
}

TEST(DownloadErrors, say_which_url_and_which_file) {
  Client client;
  try {
    client.download("http://user:secret@a.test/b", "/nowhere/file");
    FAIL();
  } catch (const RequestError& failed) {
    EXPECT_THAT(failed.what(), ::testing::AllOf(::testing::HasSubstr("http://a.test/b"),
                                                ::testing::HasSubstr("/nowhere/file")));
    EXPECT_THAT(failed.what(), ::testing::Not(::testing::HasSubstr("secret")));
  }
}

/// What `ask` throws.
template <class Ask>
FailedRequest failure_of(Ask ask) {
  try {
    ask();
  } catch (const RequestError& failed) {
    return failed.request();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(DownloadErrors, say_which_file_could_not_be_written_and_when) {
  const TemporaryDirectory directory;
  LoopbackServer server(echo_target());
  Client client;
  const std::string folder(directory.path());
  const FailedRequest of_file = failure_of([&] { client.download(server.url(), folder); });
  EXPECT_EQ(of_file.phase, Phase::read);
  EXPECT_EQ(of_file.detail, folder);
  const FailedRequest of_size =
      failure_of([&] { client.download(server.url("/long"), folder + "/file", {.max_size = 1}); });
  EXPECT_EQ(of_size.phase, Phase::read);
  EXPECT_EQ(of_size.detail, "");
}

TEST(DownloadErrors, say_that_the_body_was_being_read_where_it_was) {
  LoopbackServer server(echo_target());
  Client client;
  const auto full = [](const ResponseHead&, std::string_view, std::error_code& ec) {
    ec = std::make_error_code(std::errc::no_space_on_device);
  };
  EXPECT_EQ(failure_of([&] { client.send({.url = server.url()}, full); }).phase, Phase::read);
  EXPECT_EQ(
      failure_of([&] { client.send({.url = server.url("/long"), .options = {.max_body_size = 1}}); }).phase,
      Phase::read);
}

TEST_P(Downloads, fail_before_they_ask_where_there_is_no_folder) {
  LoopbackServer server(echo_target());
  Client client;
  std::filesystem::remove_all(std::string(directory_.path()));
  EXPECT_EQ(download(client, {.url = server.url()}).error, std::errc::no_such_file_or_directory);
  EXPECT_EQ(server.connections_accepted(), 0);
  std::filesystem::create_directory(std::string(directory_.path()));
}

TEST_P(Downloads, tell_of_their_progress) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  std::vector<Progress> seen;
  Request request{.url = server.url()};
  request.progress = [&](const Progress& progress) { seen.push_back(progress); };
  ASSERT_FALSE(download(client, request).error);
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().received, content.size());
  for (const Progress& progress : seen) EXPECT_EQ(progress.to_receive, content.size());
}

TEST_P(Downloads, end_where_the_progress_function_throws) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  Request request{.url = server.url()};
  request.progress = [](const Progress&) { throw std::runtime_error("enough"); };
  if (is_async()) {
    EXPECT_EQ(download(client, request).error, Error::hook_threw);
  } else {
    EXPECT_THROW(download(client, request), std::runtime_error);
  }
  EXPECT_EQ(files(), Names{});
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Downloads, may_go_to_a_function) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  std::string body;
  const Outcome got = send(client, {.url = server.url()},
                           [&](const ResponseHead& head, std::string_view piece, std::error_code&) {
                             EXPECT_EQ(head.status, 200);
                             EXPECT_FALSE(piece.empty());
                             body += piece;
                           });
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(body, content);
  EXPECT_EQ(got.response.body, "");
  EXPECT_EQ(got.response.info.close_reason, CloseReason::none);
}

TEST_P(Downloads, end_with_the_error_of_the_function) {
  Recorder recorder;
  LoopbackServer server(serve(recorder));
  Client client;
  int calls = 0;
  const Outcome got =
      send(client, {.url = server.url()}, [&](const ResponseHead&, std::string_view, std::error_code& ec) {
        ++calls;
        ec = std::make_error_code(std::errc::no_space_on_device);
      });
  EXPECT_EQ(got.error, std::errc::no_space_on_device);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(send(client, {.url = server.url()}, nullptr).error, Error::invalid_option);
}

}  // namespace
}  // namespace headway::testing
