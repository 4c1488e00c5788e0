// SPDX-License-Identifier: BSL-1.0

// Connections that a 101 hands over, in every flavour.

#include "tests/tls/tls_test.hpp"

#include <headway/headway.hpp>

#include <asio.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <future>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

const std::error_code at_end = asio::error::make_error_code(asio::error::eof);
const std::string switching =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

Request asking(const std::string& url) {
  return {.url = url, .headers = {{"Connection", "Upgrade"}, {"Upgrade", "echo"}}};
}

/// Answers with a 101 and `first` behind it, and echoes what comes then.
Handler echoing(const std::string& first = {}) {
  return [first](Peer& peer) {
    const auto request = peer.read_request();
    if (!request || request->header("Upgrade") != "echo" || request->header("Connection") != "Upgrade")
      return;
    peer.write(switching + first);
    for (std::string got = peer.read_some(); !got.empty(); got = peer.read_some()) peer.write(got);
  };
}

class Upgrades : public TlsTest {
 protected:
  struct Moved {
    std::size_t size = 0;
    std::error_code error;
  };
  /// One operation of the stream, blocking or not.
  template <class Throwing, class Coded, class Async>
  static Moved move(Throwing throwing, Coded coded, Async async) {
    Moved moved;
    try {
      switch (GetParam()) {
        case Flavour::throwing:
          moved.size = throwing();
          break;
        case Flavour::error_code:
          moved.size = coded(moved.error);
          break;
        case Flavour::callback: {
          std::promise<Moved> promise;
          async([&](std::error_code ec, std::size_t n) { promise.set_value({n, ec}); });
          return promise.get_future().get();
        }
        case Flavour::future:
          moved.size = async(asio::use_future).get();
          break;
        case Flavour::coroutine: {
          asio::io_context here;
          auto result = asio::co_spawn(here, async(asio::use_awaitable), asio::use_future);
          here.run();
          moved.size = result.get();
          break;
        }
      }
    } catch (const std::system_error& error) {
      moved.error = error.code();
    }
    return moved;
  }
  static Moved read(UpgradedStream& stream, std::span<char> into) {
    return move(
        [&] { return stream.read_some(into); }, [&](auto& ec) { return stream.read_some(into, ec); },
        [&](auto token) { return stream.async_read_some(asio::buffer(into.data(), into.size()), token); });
  }
  static Moved write(UpgradedStream& stream, std::string_view bytes) {
    const std::span<const char> from(bytes.data(), bytes.size());
    return move([&] { return stream.write_some(from); },
                [&](auto& ec) { return stream.write_some(from, ec); },
                [&](auto token) { return stream.async_write_some(asio::buffer(bytes), token); });
  }
  static std::string read_exactly(UpgradedStream& stream, std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t n = 0; n < size;) {
      const Moved moved = read(stream, std::span(text).subspan(n));
      EXPECT_FALSE(moved.error) << moved.error.message();
      if (moved.error) break;
      n += moved.size;
    }
    return text;
  }
  UpgradedStream upgraded(Client& client, const std::string& url) {
    Opened opened = open(client, asking(url));
    EXPECT_FALSE(opened.error) << opened.error.message();
    EXPECT_EQ(opened.stream.head().status, 101);
    return UpgradedStream(std::move(opened.stream));
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, Upgrades, all_flavours(), flavour_name);

TEST_P(Upgrades, carry_bytes_in_both_directions) {  // scenario 132
  LoopbackServer server(echoing());
  Client client;
  UpgradedStream stream = upgraded(client, server.url());
  EXPECT_EQ(stream.head().headers["Upgrade"], "echo");
  for (const std::string text : {"hello", "again"}) {
    EXPECT_EQ(write(stream, text).size, text.size());
    EXPECT_EQ(read_exactly(stream, text.size()), text);
  }
  EXPECT_EQ(client.pool().stats().leased, 1u);
  stream.close();
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_EQ(client.pool().stats().available, 0u);  // it is never used again
  EXPECT_TRUE(server.wait_for_closed_connections(1));
  std::array<char, 1> byte;
  EXPECT_EQ(read(stream, byte).error, at_end);
  EXPECT_EQ(write(stream, "x").error, Error::connection_closed);
}

TEST_P(Upgrades, begin_with_what_came_behind_the_head) {  // scenario 132, pool rule 61
  LoopbackServer server(echoing("early bird"));
  Client client;
  UpgradedStream stream = upgraded(client, server.url());
  EXPECT_EQ(read_exactly(stream, 10), "early bird");
  EXPECT_EQ(write(stream, "x").size, 1u);
  EXPECT_EQ(read_exactly(stream, 1), "x");
}

TEST_P(Upgrades, go_on_in_one_direction_where_the_other_has_ended) {
  std::promise<std::string> heard;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(switching + "bye");
    peer.half_close();
    std::string all;
    for (std::string got = peer.read_some(); !got.empty(); got = peer.read_some()) all += got;
    heard.set_value(all);
  });
  Client client;
  UpgradedStream stream = upgraded(client, server.url());
  EXPECT_EQ(read_exactly(stream, 3), "bye");
  std::array<char, 1> byte;
  EXPECT_EQ(read(stream, byte).error, at_end);
  EXPECT_EQ(write(stream, "thanks").size, 6u);
  EXPECT_EQ(client.pool().stats().leased, 1u);
  stream.close();
  EXPECT_EQ(heard.get_future().get(), "thanks");
}

TEST_P(Upgrades, go_through_tls) {  // scenario 132
  const TlsServerSettings settings(authority.issue());
  LoopbackServer server(over_tls(settings, [](TlsPeer& tls) {
    tls.read_request();
    tls.write(switching + "first");
    tls.write("second");
    tls.wait_for_close_notify();
  }));
  Client client(trusting());
  UpgradedStream stream = upgraded(client, https(server));
  EXPECT_EQ(read_exactly(stream, 11), "firstsecond");
  EXPECT_EQ(write(stream, "x").size, 1u);
  stream.close();
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST_P(Upgrades, wait_no_longer_than_the_requests_timeouts_and_can_be_used_on) {
  LoopbackServer server(echoing());
  Client client;
  Request request = asking(server.url());
  request.options.timeouts = {.read = 20ms, .total = 10s};
  Opened opened = open(client, request);
  ASSERT_FALSE(opened.error);
  UpgradedStream stream(std::move(opened.stream));
  std::array<char, 1> byte;
  Moved moved = read(stream, byte);
  EXPECT_EQ(moved.error, Error::read_timeout);
  EXPECT_EQ(write(stream, "x").size, 1u);
  while (moved.error == Error::read_timeout) moved = read(stream, byte);  // the echo takes its time
  EXPECT_FALSE(moved.error) << moved.error.message();
  EXPECT_EQ(byte[0], 'x');
}

TEST_P(Upgrades, end_a_write_that_nobody_takes) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(switching);
    peer.stall();
  });
  Client client;
  Request request = asking(server.url());
  request.options.timeouts.write = 20ms;
  Opened opened = open(client, request);
  ASSERT_FALSE(opened.error);
  UpgradedStream stream(std::move(opened.stream));
  const std::string much(1024 * 1024, 'm');
  Moved moved;
  while (!moved.error) moved = write(stream, much);
  EXPECT_EQ(moved.error, Error::write_timeout);
  std::array<char, 1> byte;
  EXPECT_TRUE(read(stream, std::span<char>()).size == 0 && !read(stream, std::span(byte).first(0)).error);
}

TEST_P(Upgrades, are_only_for_those_who_ask_for_them) {  // scenarios 88 and 89
  LoopbackServer server(answer_and_close(switching));
  Client client({.retry_strategy = NeverRetry{}});
  EXPECT_EQ(open(client, {.url = server.url()}).error, Error::unexpected_upgrade);
  EXPECT_EQ(ask(client, asking(server.url())).error, Error::unexpected_upgrade);  // it wants a body
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(Upgrades, may_be_refused) {  // scenario 132
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(426, "no"); }));
  Client client;
  Opened opened = open(client, asking(server.url()));
  ASSERT_FALSE(opened.error);
  EXPECT_EQ(opened.stream.head().status, 426);
  EXPECT_FALSE(drain(opened.stream));
  EXPECT_EQ(client.pool().stats().available, 1u);
  EXPECT_THROW(UpgradedStream(std::move(opened.stream)), std::system_error);
  EXPECT_THROW(UpgradedStream{ResponseStream()}, std::system_error);
}

TEST_P(Upgrades, outlive_their_client_and_close_when_they_end) {
  LoopbackServer server(echoing());
  UpgradedStream stream;
  {
    Client client;
    stream = upgraded(client, server.url());
  }
  EXPECT_EQ(write(stream, "x").size, 1u);
  EXPECT_EQ(read_exactly(stream, 1), "x");
  stream = {};
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(AsyncUpgrades, read_and_write_at_a_time) {
  LoopbackServer server(echoing());
  asio::io_context io;
  Client client(io.get_executor());
  const std::string sent(4 * 1024 * 1024, 's');
  std::string got(sent.size(), '\0');
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        UpgradedStream stream(co_await client.async_open(asking(server.url()), asio::use_awaitable));
        bool read = false;
        asio::async_read(stream, asio::buffer(got), [&](std::error_code ec, std::size_t) { read = !ec; });
        const std::size_t n = co_await asio::async_write(stream, asio::buffer(sent), asio::use_awaitable);
        EXPECT_EQ(n, sent.size());
        while (!read) co_await asio::post(io, asio::use_awaitable);
      },
      asio::detached);
  io.run();
  EXPECT_EQ(got, sent);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST(AsyncUpgrades, end_what_is_under_way_when_they_are_closed) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(switching);
    while (!peer.read_some().empty()) {
    }
  });
  asio::io_context io;
  Client client(io.get_executor());
  UpgradedStream stream(client.open(asking(server.url())));
  std::vector<std::error_code> ends;
  const auto note = [&](std::error_code ec, std::size_t) { ends.push_back(ec); };
  std::array<char, 10> into;
  stream.async_read_some(asio::buffer(into), note);
  stream.async_read_some(asio::buffer(into), note);  // a second one
  const std::string endless(1024 * 1024, 'e');
  std::function<void(std::error_code, std::size_t)> go_on = [&](std::error_code ec, std::size_t n) {
    if (ec) return note(ec, n);
    stream.async_write_some(asio::buffer(endless), go_on);
  };
  go_on({}, 0);
  asio::post(io, [&] { stream.close(); });
  io.run();
  const auto aborted = asio::error::make_error_code(asio::error::operation_aborted);
  ASSERT_EQ(ends.size(), 3u);
  EXPECT_THAT(ends, ::testing::Contains(make_error_code(Error::operation_pending)));
  EXPECT_THAT(ends, ::testing::Contains(aborted));
  // The write may just have ended, and the next have found the stream closed.
  EXPECT_THAT(ends, ::testing::Each(::testing::AnyOf(make_error_code(Error::operation_pending), aborted,
                                                     make_error_code(Error::connection_closed))));
  EXPECT_TRUE(pool_is_whole(client));
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST(AsyncUpgrades, can_be_used_on_after_a_read_was_cancelled) {
  LoopbackServer server(echoing());
  asio::io_context io;
  Client client(io.get_executor());
  UpgradedStream stream(client.open(asking(server.url())));
  std::array<char, 10> into;
  asio::cancellation_signal signal;
  std::error_code end;
  stream.async_read_some(
      asio::buffer(into),
      asio::bind_cancellation_slot(signal.slot(), [&](std::error_code ec, std::size_t) { end = ec; }));
  asio::post(io, [&] { signal.emit(asio::cancellation_type::total); });
  io.run();
  EXPECT_EQ(end, asio::error::operation_aborted);
  EXPECT_EQ(stream.write_some(asio::buffer("x", 1)), 1u);
  EXPECT_EQ(stream.read_some(asio::buffer(into)), 1u);
}

}  // namespace
}  // namespace headway::testing
