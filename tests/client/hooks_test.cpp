// SPDX-License-Identifier: BSL-1.0

// Hooks and body functions that throw: the caller gets the very exception, the connection is closed, and the
// pool is whole.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>

#include <array>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

struct HookFailed {};

class ThrowingHooks : public ClientTest {
 protected:
  void expect_whole_after(Client& client, const LoopbackServer& server) {
    EXPECT_TRUE(pool_is_whole(client));
    EXPECT_EQ(client.pool().stats().available, 0u);
    thrower_ = [] {};
    EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
    EXPECT_TRUE(pool_is_whole(client));
  }
  /// The exception comes through, or becomes an error where nobody could catch it.
  template <class Ask>
  void expect_hook_failure(Ask ask) {
    if (is_async()) {
      EXPECT_EQ(ask().error, Error::hook_threw);
    } else {
      EXPECT_THROW(ask(), HookFailed);
    }
  }
  std::function<void()> thrower_ = [] { throw HookFailed(); };
};

INSTANTIATE_TEST_SUITE_P(Flavours, ThrowingHooks, all_flavours(), flavour_name);

TEST_P(ThrowingHooks, may_ask_the_pool_since_no_lock_is_held) {  // pool rule 22
  LoopbackServer server(echo_target());
  Client* self = nullptr;
  std::size_t asked = 0;
  const auto look = [&] { asked += self->pool().stats().max > 0; };
  Client client{
      {.pool = {.stale_check = [&](Connection&) { return look(), false; }},
       .keep_alive_strategy = [&](const ResponseHead&, const HttpRoute&) { return look(), Duration(1h); },
       .reuse_strategy = [&](const Request&, const ResponseHead&) { return look(), CloseReason::none; }}};
  self = &client;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(get(client, server.url("/a")).response.body, "/a");
  EXPECT_EQ(asked, 5u);  // two responses, two hooks each, and one look before reuse
}

TEST_P(ThrowingHooks, for_keep_alive_end_the_request) {  // scenario 135
  LoopbackServer server(echo_target());
  Client client{{.keep_alive_strategy = [&](const ResponseHead&, const HttpRoute&) -> Duration {
    thrower_();
    return 1h;
  }}};
  expect_hook_failure([&] { return get(client, server.url()); });
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_reuse_end_the_request) {  // scenario 135
  LoopbackServer server(echo_target());
  Client client{{.reuse_strategy = [&](const Request&, const ResponseHead&) {
    thrower_();
    return CloseReason::none;
  }}};
  expect_hook_failure([&] { return get(client, server.url()); });
  expect_hook_failure([&] { return open(client, {.url = server.url()}); });
  EXPECT_TRUE(server.wait_for_closed_connections(2));
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_retries_end_the_request) {  // scenario 135
  LoopbackServer server(first_connection([](Peer& peer) { peer.read_request(); }));
  Client client{{.retry_strategy = [&](const FailedTry&) -> std::optional<Duration> {
    thrower_();
    return std::nullopt;
  }}};
  expect_hook_failure([&] { return get(client, server.url()); });
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_the_stale_check_end_the_request) {  // scenario 135
  LoopbackServer server(echo_target());
  Client client{{.pool = {.stale_check = [&](Connection&) {
                   thrower_();
                   return false;
                 }}}};
  EXPECT_FALSE(get(client, server.url()).error);
  expect_hook_failure([&] { return get(client, server.url()); });
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_the_stale_check_of_one_connection_do_the_same) {
  LoopbackServer server(echo_target());
  Client client{std::make_shared<BasicConnectionManager>([&](Connection&) {
    thrower_();
    return false;
  })};
  EXPECT_FALSE(get(client, server.url()).error);
  expect_hook_failure([&] { return get(client, server.url()); });
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(get(client, server.url("/next")).response.body, "/next");
}

TEST_P(ThrowingHooks, for_bodies_end_the_request) {  // scenarios 37 and 135
  LoopbackServer server(first_connection([](Peer& peer) {
    peer.read_head();
    peer.wait_for_eof();
  }));
  Client client{{.retry_strategy = retry_at_once()}};
  const auto read = [](std::span<char>, std::error_code&) -> std::size_t { throw HookFailed(); };
  expect_hook_failure(
      [&] { return ask(client, {.method = "PUT", .url = server.url(), .body = Body::stream(read)}); });
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_rewinding_bodies_end_the_request) {
  LoopbackServer server(first_connection([](Peer& peer) { peer.read_request(); }));
  Client client{{.retry_strategy = retry_at_once()}};
  const auto read = [](std::span<char>, std::error_code&) { return std::size_t{0}; };
  const auto rewind = []() -> bool { throw HookFailed(); };
  const Body body = Body::stream(read, std::nullopt, rewind);
  expect_hook_failure([&] { return ask(client, {.method = "PUT", .url = server.url(), .body = body}); });
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_keep_alive_end_a_stream) {  // scenario 135
  LoopbackServer server(echo_target());
  int calls = 0;
  Client client{{.keep_alive_strategy = [&](const ResponseHead&, const HttpRoute&) -> Duration {
    ++calls;
    thrower_();
    return 1h;
  }}};
  Opened opened = open(client, {.url = server.url()});
  std::array<char, 100> all;
  expect_hook_failure([&] { return read(opened.stream, all); });
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_TRUE(read(opened.stream, all).error);
  EXPECT_EQ(calls, 1);
  expect_whole_after(client, server);
}

TEST_P(ThrowingHooks, for_keep_alive_do_not_escape_from_a_streams_end) {
  LoopbackServer server(echo_target());
  Client client{{.keep_alive_strategy = [&](const ResponseHead&, const HttpRoute&) -> Duration {
    thrower_();
    return 1h;
  }}};
  EXPECT_NO_THROW(open(client, {.url = server.url()}));
  expect_whole_after(client, server);
}

}  // namespace
}  // namespace headway::testing
