// SPDX-License-Identifier: BSL-1.0

// Errors as the overview of the interface shows them, and misuse, which is told before anything is sent.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>
#include <headway/testing/make_pool.hpp>

#include <gmock/gmock.h>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Errors : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, Errors, all_flavours(), flavour_name);

TEST(ErrorsAsShown, can_be_asked_about_by_condition_and_by_cause) {
  LoopbackServer server(echo_target());
  headway::Client client{{.pool = {.max_total = 1}, .timeouts = {.lease = 0ms}}};
  headway::ResponseStream holder = client.open({.url = server.url("/held")});
  std::error_code ec;
  headway::Response r = client.get(server.url(), ec);
  EXPECT_TRUE(ec == headway::Condition::timeout);
  EXPECT_TRUE(ec == headway::Error::lease_timeout);
  EXPECT_FALSE(ec == headway::Error::read_timeout);
  EXPECT_FALSE(ec == headway::Condition::connect);
}

TEST(ErrorsAsShown, thrown_ones_keep_quiet_about_passwords_in_what_is_no_url) {  // scenario 118
  headway::Client client;
  for (const char* url :
       {"http://user:p#secret@host/", "user:secret@host/x", "http:/user:secret@h/", "http://u:secret@h h/"}) {
    try {
      client.get(url);
      ADD_FAILURE() << url;
    } catch (const headway::RequestError& error) {
      EXPECT_EQ(error.code(), headway::Condition::usage) << url;
      EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
    }
  }
}

TEST(ErrorsAsShown, thrown_ones_name_the_part_of_the_url_that_is_wrong) {
  headway::Client client;
  try {
    client.get("http://host:99999/");
    FAIL() << "no such port";
  } catch (const headway::RequestError& error) {
    EXPECT_THAT(error.what(), HasSubstr("port"));
  }
}

TEST(ErrorsAsShown, thrown_ones_say_method_url_phase_cause_and_tries) {
  LoopbackServer server(echo_target());
  server.stop_listening();
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  headway::Client client{{.retry_strategy = retry_at_once(2)}};
  try {
    client.get("http://user:secret@" + host + "/path");
    FAIL() << "nobody listens";
  } catch (const std::system_error& error) {  // scenario 118
    EXPECT_EQ(error.code(), headway::Condition::connect);
    EXPECT_EQ(error.code(), headway::Error::connection_refused);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("GET http://" + host + "/path"), HasSubstr("connect failed"),
                                    HasSubstr("connection refused"), HasSubstr("tried 3 times")));
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  }
}

/// What the first call of a client with these options throws, on a connection that `prepare` scripts.
FailedRequest failure_on(const std::function<void(ScriptedConnection&)>& prepare, ClientOptions options) {
  ManualClock clock;
  ScriptedNetwork network(prepare);
  options.retry_strategy = NeverRetry{};
  Client client{make_pool(network, clock, {.max_total = 1}), std::move(options)};
  try {
    client.get("http://limits.test/");
  } catch (const RequestError& error) {
    return error.request();
  }
  return {.detail = "nothing was thrown"};
}

TEST(ErrorsAsShown, thrown_ones_name_the_limit_that_was_reached) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  const auto silent = [](ScriptedConnection& connection) { connection.stall(); };
  const auto stalling = [&](ScriptedConnection& connection) {
    connection.deliver_after("\r\n\r\n", head + "abc");
    connection.stall();
  };
  const auto cut_off = [&](ScriptedConnection& connection) {
    connection.deliver_after("\r\n\r\n", head + "abc");
    connection.end();
  };
  EXPECT_EQ(failure_on(silent, {.timeouts = {.response = 1500ms}}).detail, "timeouts.response 1500 ms");
  EXPECT_EQ(failure_on(silent, {.timeouts = {.total = 2s}}).detail, "timeouts.total 2 s");
  EXPECT_EQ(failure_on(stalling, {.timeouts = {.read = 1ms}}).detail, "timeouts.read 1 ms");
  EXPECT_EQ(failure_on(stalling, {.limits = {.max_body_size = 9}}).detail, "max_body_size 9");
  EXPECT_EQ(failure_on(cut_off, {}).detail, "7 bytes are missing");
  EXPECT_EQ(failure_on([](ScriptedConnection& connection) { connection.stall_writes(); }, {}).detail,
            "timeouts.write 30 s");
  EXPECT_THAT(failure_on([](ScriptedConnection& connection) { connection.ignore(); }, {}).detail,
              HasSubstr("timeouts.connect 10 s"));
}

TEST_P(Errors, of_a_body_are_not_told_as_the_connections) {
  LoopbackServer server(echo_body());
  Client client;
  const Body relayed = Body::stream([](std::span<char>, std::error_code& ec) -> std::size_t {
    ec = Error::read_timeout;  // of another call, which it was read from
    return 0;
  });
  const Outcome got = ask(client, {.method = "POST", .url = server.url(), .body = relayed});
  EXPECT_EQ(got.error, Error::read_timeout);
  if (GetParam() == Flavour::throwing) {
    EXPECT_THAT(got.what, Not(HasSubstr("timeouts.read")));
  }
  if (GetParam() == Flavour::error_code) {
    EXPECT_EQ(got.response.info.close_reason, CloseReason::cancelled);
  }
}

TEST(ErrorsAsShown, thrown_ones_name_no_limit_for_a_sinks_error) {
  LoopbackServer server(echo_target());
  Client client;
  const auto sink = [](const ResponseHead&, std::string_view, std::error_code& ec) {
    ec = Error::write_timeout;
  };
  try {
    client.send({.url = server.url()}, sink);
    FAIL() << "the sink failed";
  } catch (const RequestError& error) {
    EXPECT_EQ(error.code(), Error::write_timeout);
    EXPECT_EQ(error.request().detail, "");
  }
}

TEST(ErrorsAsShown, thrown_ones_name_the_limit_of_waiting_for_a_connection) {
  LoopbackServer server(echo_target());
  Client client{{.pool = {.max_total = 1}, .timeouts = {.lease = 0ms}}};
  const ResponseStream holder = client.open({.url = server.url("/held")});
  try {
    client.get(server.url());
    FAIL() << "there was a connection";
  } catch (const RequestError& error) {
    EXPECT_EQ(error.request().detail, "timeouts.lease 0 s");
    EXPECT_THAT(error.what(), HasSubstr("no connection came free in time (timeouts.lease 0 s)"));
  }
}

TEST_P(Errors, clear_the_error_code_of_an_earlier_call) {
  LoopbackServer server(echo_target());
  Client client;
  EXPECT_EQ(get(client, "nonsense").error, Error::invalid_url);
  std::error_code ec = Error::cancelled;
  client.get(server.url(), ec);
  EXPECT_FALSE(ec);
}

TEST_P(Errors, of_a_host_that_does_not_exist_are_of_the_look_up) {
  Client client{{.retry_strategy = NeverRetry{}}};
  const Outcome got = get(client, "http://does-not-exist.invalid/");
  EXPECT_EQ(got.error, Condition::resolve);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Errors, of_connecting_leave_no_place_taken) {  // scenario 57
  LoopbackServer server(echo_target());
  server.stop_listening();
  Client client{{.pool = {.max_total = 2}, .retry_strategy = NeverRetry{}}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(get(client, server.url()).error, Error::connection_refused);
    EXPECT_TRUE(pool_is_whole(client));
  }
  server.listen_again();
  EXPECT_EQ(get(client, server.url("/back")).response.body, "/back");
}

struct Misuse {
  const char* name;
  Request request;
  Error error;
  std::string part;  ///< what the message must name
};

std::vector<Misuse> misuses(const std::string& url) {
  const auto with = [&](Headers headers) { return Request{.url = url, .headers = std::move(headers)}; };
  std::vector<Misuse> all{
      {"no URL", {}, Error::invalid_url, "URL"},
      {"relative URL", {.url = "/path"}, Error::invalid_url, "/path"},
      {"no scheme", {.url = "127.0.0.1:80/"}, Error::invalid_url, "no http:// or https:// in front"},
      {"no ASCII", {.url = "http://a/?q=\xc3\xbc"}, Error::invalid_url, "its query: to be percent-encoded"},
      {"URL without host", {.url = "http:///x"}, Error::invalid_url, "http:///x"},
      {"space in URL", {.url = "http://a b/"}, Error::invalid_url, "URL"},
      {"port", {.url = "http://127.0.0.1:70000/"}, Error::invalid_url, "70000"},
      {"scheme", {.url = "ftp://127.0.0.1/"}, Error::unsupported_scheme, "ftp"},
      {"empty method", {.method = "", .url = url}, Error::invalid_method, "method"},
      {"method", {.method = "GE T", .url = url}, Error::invalid_method, "GE T"},
      {"CONNECT", {.method = "CONNECT", .url = url}, Error::invalid_method, "CONNECT"},
      {"field name", with({{"X Y", "1"}}), Error::invalid_header, "X Y"},
      {"empty field name", with({{"", "1"}}), Error::invalid_header, "header"},
      {"CR LF in a value", with({{"X-A", "1\r\nX-B: 2"}}), Error::invalid_header, "X-A"},
      {"NUL in a value", with({{"X-A", std::string_view("1\0", 2)}}), Error::invalid_header, "X-A"},
      {"two hosts", with({{"Host", "a"}, {"Host", "b"}}), Error::invalid_header, "Host"},
  };
  for (const char* owned : {"Content-Length", "transfer-encoding", "Expect", "Trailer"}) {
    all.push_back({owned, with({{owned, "1"}}), Error::invalid_header, owned});
  }
  const Request trailers{.method = "POST", .url = url, .body = "x", .trailers = {{"Content-Length", "1"}}};
  all.push_back({"trailer", trailers, Error::invalid_header, "Content-Length"});
  const Request file{.method = "POST", .url = url, .body = Body::file("/no/such/file")};
  all.push_back({"file", file, Error::body_unreadable, "body /no/such/file: No such file or directory"});
  const Request form{.method = "POST",
                     .url = url,
                     .body = Body::multipart({{.name = "a", .content = "b"},
                                              {.name = "c", .content = Body::file("/no/such/file")}})};
  all.push_back(
      {"file of a form", form, Error::body_unreadable, "body /no/such/file: No such file or directory"});
  const Body inner = form.body;
  const Request nested{
      .method = "POST", .url = url, .body = Body::multipart({{.name = "d", .content = inner}})};
  all.push_back({"file of a form in a form", nested, Error::body_unreadable,
                 "body /no/such/file: No such file or directory"});
  const Request bad_form{.method = "POST",
                         .url = url,
                         .body = Body::multipart({{.name = std::string("a\0", 2), .content = "b"}})};
  all.push_back({"name in a form", bad_form, Error::invalid_header, "body"});
  const Request folder{.method = "POST", .url = url, .body = Body::file("/tmp")};
  all.push_back({"folder as file", folder, Error::body_unreadable, "body /tmp: Is a directory"});
  const Request negative{.url = url, .options = {.timeouts = {.read = -1ms}}};
  all.push_back({"negative timeout", negative, Error::invalid_option, "read"});
  return all;
}

TEST_P(Errors, of_usage_are_told_before_anything_is_sent) {  // pool rule 72, scenario 136
  LoopbackServer server(echo_target());
  Client client;
  for (const Misuse& misuse : misuses(server.url())) {
    SCOPED_TRACE(misuse.name);
    const Outcome got = ask(client, misuse.request);
    EXPECT_EQ(got.error, Condition::usage);
    EXPECT_EQ(got.error, misuse.error);
    EXPECT_TRUE(got.tried(0));
    if (GetParam() == Flavour::throwing) {
      EXPECT_THAT(got.what, HasSubstr(misuse.part));
    }
    EXPECT_EQ(open(client, misuse.request).error, misuse.error);
  }
  EXPECT_EQ(client.pool().stats().opened, 0u);
  EXPECT_TRUE(pool_is_whole(client));
  get(client, server.url());
  EXPECT_EQ(server.connections_accepted(), 1);
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), Error::invalid_option);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(ErrorsOfOptions, name_the_member_that_is_out_of_range) {
  const auto message = [](ClientOptions options) {
    return message_of([&] { Client client(std::move(options)); });
  };
  EXPECT_THAT(message({.pool = {.max_total = 0}}), HasSubstr("max_total"));
  EXPECT_THAT(message({.pool = {.max_per_route = 0}}), HasSubstr("max_per_route"));
  EXPECT_THAT(message({.pool = {.time_to_live = 0ms}}), HasSubstr("time_to_live"));
  EXPECT_THAT(message({.pool = {.monitor = {.interval = 0ms}}}), HasSubstr("interval"));
  EXPECT_THAT(message({.timeouts = {.lease = -1ms}}), HasSubstr("lease"));
  EXPECT_THAT(message({.limits = {.max_fields = 0}}), HasSubstr("max_fields"));
  EXPECT_THAT(message({.keep_alive_strategy = nullptr}), HasSubstr("keep_alive_strategy"));
  EXPECT_THAT(message({.reuse_strategy = nullptr}), HasSubstr("reuse_strategy"));
  EXPECT_THAT(message({.retry_strategy = nullptr}), HasSubstr("retry_strategy"));
  EXPECT_THAT(message_of([] { Client client(std::shared_ptr<ConnectionManager>{}); }), HasSubstr("manager"));
}

TEST(ErrorsOfOptions, say_that_a_client_on_another_manager_has_no_pool) {
  Client client(std::make_shared<BasicConnectionManager>());
  EXPECT_THAT(message_of([&] { client.pool(); }), HasSubstr("pool()"));
}

}  // namespace
}  // namespace headway::testing
