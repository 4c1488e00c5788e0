// SPDX-License-Identifier: BSL-1.0

// Server-sent events, in every flavour.

#include "tests/client/client_fixture.hpp"

#include <headway/headway.hpp>
#include <headway/testing/reserved_port.hpp>

#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <gmock/gmock.h>

#include <future>
#include <memory>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

const std::error_code at_end = asio::error::make_error_code(asio::error::eof);
const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

struct Next {
  std::error_code error;
  Event event;
};

class EventStreams : public ClientTest {
 protected:
  /// The end is an error, eof, here, whatever the flavour says.
  static Next next(EventStream& stream) {
    Next got;
    switch (GetParam()) {
      case Flavour::throwing:
        try {
          if (!stream.next(got.event)) got.error = at_end;
        } catch (const std::system_error& error) {
          got.error = error.code();
        }
        return got;
      case Flavour::error_code:
        if (stream.next(got.event, got.error)) {
          EXPECT_FALSE(got.error);
        } else {
          EXPECT_TRUE(got.error);
        }
        return got;
      case Flavour::callback: {
        std::promise<Next> promise;
        stream.async_next([&](std::error_code ec, Event event) {
          promise.set_value({ec, std::move(event)});
        });
        return promise.get_future().get();
      }
      default:
        return awaited(stream);
    }
  }
  /// The data of all events; `error` is what ended them.
  static std::vector<std::string> all(EventStream& stream, std::error_code& error) {
    std::vector<std::string> data;
    for (;;) {
      Next got = next(stream);
      error = got.error;
      if (error) return data;
      data.push_back(std::move(got.event.data));
    }
  }

 private:
  static Next awaited(EventStream& stream) {
    Next got;
    try {
      if (GetParam() == Flavour::future) {
        got.event = stream.async_next(asio::use_future).get();
      } else {
        asio::io_context here;
        auto result = asio::co_spawn(here, stream.async_next(asio::use_awaitable), asio::use_future);
        here.run();
        got.event = result.get();
      }
    } catch (const std::system_error& error) {
      got.error = error.code();
    }
    return got;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavours, EventStreams, all_flavours(), flavour_name);

using Strings = std::vector<std::string>;

TEST_P(EventStreams, give_one_event_after_another) {
  Recorder recorder;
  LoopbackServer server([&](Peer& peer) {
    recorder.add(*peer.read_request());
    peer.write_byte_by_byte(head +
                            "id: 1\nevent: add\ndata: a\ndata: b\n\n: comment\n\nretry: 150\ndata: c\n\n");
  });
  Client client;
  EventStream stream(client, {.url = server.url()});
  Next got = next(stream);
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.event.type + '|' + got.event.data + '|' + got.event.id, "add|a\nb|1");
  EXPECT_EQ(stream.retry(), 3s);
  got = next(stream);
  EXPECT_EQ(got.event.type + '|' + got.event.data + '|' + got.event.id, "message|c|1");
  EXPECT_EQ(stream.retry(), 150ms);
  EXPECT_EQ(stream.last_event_id(), "1");
  EXPECT_EQ(next(stream).error, at_end);
  EXPECT_EQ(next(stream).error, at_end);
  EXPECT_EQ(recorder.last().header("Accept"), "text/event-stream");
  EXPECT_EQ(recorder.last().header("Cache-Control"), "no-store");
  EXPECT_EQ(recorder.last().count("Last-Event-ID"), 0);
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(EventStreams, come_as_soon_as_they_are_sent) {
  Gate first_seen;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(head + "data: 1\n\n");
    peer.wait_for(first_seen);
    peer.write("data: 2\n\n");
  });
  Client client;
  EventStream stream(client, {.url = server.url()});
  EXPECT_EQ(next(stream).event.data, "1");
  first_seen.open();
  EXPECT_EQ(next(stream).event.data, "2");
}

TEST_P(EventStreams, can_be_made_of_a_response) {
  LoopbackServer server(answer_and_close(head + "data: 1\n\n"));
  Client client;
  Opened opened = open(client, {.method = "POST", .url = server.url(), .body = Body::json("{}")});
  ASSERT_FALSE(opened.error);
  EventStream stream(std::move(opened.stream), {.reconnect = Reconnect::on});
  std::error_code ec;
  EXPECT_EQ(all(stream, ec), Strings{"1"});
  EXPECT_EQ(ec, at_end);
  EXPECT_EQ(server.connections_accepted(), 1);
}

TEST_P(EventStreams, are_nothing_else) {
  LoopbackServer server(
      in_turn({answer_and_close("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
               answer_and_close("HTTP/1.1 404 Not Found\r\nContent-Type: text/event-stream\r\n"
                                "Content-Length: 0\r\n\r\n"),
               answer_and_close("HTTP/1.1 204 No Content\r\n\r\n")}));
  Client client;
  for (const std::error_code expected :
       {make_error_code(Error::not_an_event_stream), make_error_code(Error::not_an_event_stream), at_end}) {
    EventStream stream(client, {.url = server.url(), .headers = {{"Connection", "close"}}},
                       {.reconnect = Reconnect::on});
    EXPECT_EQ(next(stream).error, expected);
    EXPECT_EQ(next(stream).error, expected);
  }
  EXPECT_EQ(server.connections_accepted(), 3);
}

TEST_P(EventStreams, are_asked_for_again_from_the_last_event_on) {
  Recorder recorder;
  const auto serve = [&](std::string bytes) {
    return [&recorder, bytes = std::move(bytes)](Peer& peer) {
      recorder.add(*peer.read_request());
      peer.write(bytes);
    };
  };
  LoopbackServer server(in_turn({serve(head + "retry: 1\nid: 7\ndata: 1\n\nid: 8\ndata: cut off\n"),
                                 serve(head + "data: 2\n\n"), serve("HTTP/1.1 204 No Content\r\n\r\n")}));
  Client client;
  EventStream stream(client, {.url = server.url()},
                     {.reconnect = Reconnect::on, .retry = 1ms, .last_event_id = "6"});
  std::error_code ec;
  EXPECT_EQ(all(stream, ec), (Strings{"1", "2"}));
  EXPECT_EQ(ec, at_end);
  const std::vector<ReceivedRequest> requests = recorder.requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].header("Last-Event-ID"), "6");
  EXPECT_EQ(requests[1].header("Last-Event-ID"), "7");
  EXPECT_EQ(requests[2].header("Last-Event-ID"), "7");
}

TEST_P(EventStreams, give_up_where_nobody_listens_any_more) {
  LoopbackServer server(answer_and_close(head + "retry: 0\ndata: 1\n\n"));
  Client client({.retry_strategy = NeverRetry{}});
  EventStream stream(client, {.url = server.url()},
                     {.reconnect = Reconnect::on, .retry = 1ms, .max_failures = 3});
  EXPECT_EQ(next(stream).event.data, "1");
  EXPECT_EQ(stream.retry(), 1ms);
  server.stop_listening();
  EXPECT_EQ(next(stream).error, Error::connection_refused);
}

TEST_P(EventStreams, give_up_where_nothing_but_heads_comes) {
  LoopbackServer server(answer_and_close(head));
  Client client;
  EventStream stream(client, {.url = server.url()},
                     {.reconnect = Reconnect::on, .retry = 1ms, .max_failures = 3});
  EXPECT_EQ(next(stream).error, at_end);
  EXPECT_EQ(server.connections_accepted(), 3);
}

TEST_P(EventStreams, pause_for_longer_than_a_server_in_a_hurry_wants) {
  LoopbackServer server(answer_and_close(head + "retry: 0\ndata: 1\n\n"));
  Client client;
  EventStream stream(client, {.url = server.url()}, {.reconnect = Reconnect::on});
  EXPECT_EQ(stream.retry(), 3s);
  EXPECT_EQ(next(stream).event.data, "1");
  EXPECT_EQ(stream.retry(), 100ms);
}

TEST_P(EventStreams, do_not_try_a_first_connection_twice) {
  LoopbackServer server(echo_target());
  server.stop_listening();
  Client client({.retry_strategy = NeverRetry{}});
  EventStream stream(client, {.url = server.url()}, {.reconnect = Reconnect::on});
  EXPECT_EQ(next(stream).error, Error::connection_refused);
}

TEST_P(EventStreams, end_with_an_event_that_is_too_large) {
  LoopbackServer server(answer_and_close(head + "data: 1\n\ndata: " + std::string(100, 'x') + "\n\n"));
  Client client;
  EventStream stream(client, {.url = server.url()}, {.reconnect = Reconnect::on, .max_line_size = 50});
  EXPECT_EQ(next(stream).event.data, "1");
  EXPECT_EQ(next(stream).error, Error::event_too_large);
  EXPECT_EQ(server.connections_accepted(), 1);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(EventStreams, end_when_they_are_closed) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(head + "data: 1\n\ndata: 2\n\n");
    peer.stall();
  });
  Client client;
  EventStream stream(client, {.url = server.url()}, {.reconnect = Reconnect::on});
  EXPECT_EQ(next(stream).event.data, "1");
  stream.close();
  EXPECT_EQ(next(stream).error, at_end);
  EXPECT_TRUE(pool_is_whole(client));
}

TEST(EventStreamLifetime, lets_a_stream_be_destroyed_while_an_event_is_awaited) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(head + "data: 1\n\n");
    peer.stall();
  });
  Client client;
  std::future<Event> awaited;
  {
    EventStream stream(client, {.url = server.url()}, {.reconnect = Reconnect::on});
    Event event;
    ASSERT_TRUE(stream.next(event));
    awaited = stream.async_next(asio::use_future);
    std::error_code ec;
    EXPECT_FALSE(stream.next(event, ec));
    EXPECT_EQ(ec, Error::operation_pending);
  }
  try {
    awaited.get();
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

FailedRequest failure_of(const std::string& url) {
  Client client{{.retry_strategy = NeverRetry{}}};
  EventStream events(client, {.url = url});
  try {
    Event event;
    events.next(event);
  } catch (const RequestError& failed) {
    return failed.request();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(EventStreamErrors, say_what_was_asked_for_and_what_came) {
  LoopbackServer server(
      keep_alive([](const ReceivedRequest&) { return response(404, "", "Content-Type: text/plain\r\n"); }));
  const FailedRequest missing = failure_of(server.url("/events"));
  EXPECT_EQ(missing.url, server.url("/events"));
  EXPECT_EQ(missing.detail, "status 404, text/plain");
  EXPECT_EQ(missing.attempts, 1);
  LoopbackServer talkative(keep_alive([](const ReceivedRequest&) {
    return response(200, "", "Content-Type: " + std::string(5000, 'x') + "\r\n");
  }));
  EXPECT_EQ(failure_of(talkative.url("/")).detail, "status 200, " + std::string(100, 'x'));
  const ReservedPort nobody;
  const std::string url = "http://127.0.0.1:" + std::to_string(nobody.number()) + "/";
  const FailedRequest refused = failure_of(url);
  EXPECT_EQ(refused.url, url);
  EXPECT_EQ(refused.phase, Phase::connect);
}

TEST(EventStreamErrors, of_a_response_do_without_the_request_that_is_gone) {
  LoopbackServer server(answer_and_close(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\ndata: 1\n\n"));
  Client client;
  auto request = std::make_unique<Request>(Request{.method = "GET", .url = server.url("/events")});
  ResponseStream response = client.open(*request);
  request.reset();
  EventStream events(std::move(response));
  Event event;
  EXPECT_TRUE(events.next(event));
  try {
    events.next(event);
    FAIL() << "the body was cut off";
  } catch (const RequestError& failed) {
    EXPECT_EQ(failed.code(), Error::body_truncated);
    EXPECT_EQ(failed.request().method, "");
    EXPECT_EQ(failed.request().url, server.url("/events"));
    EXPECT_EQ(failed.request().phase, Phase::read);
    EXPECT_EQ(failed.request().attempts, 1);
  }
}

TEST(EventStreamOptionsCheck, refuses_a_response_that_is_no_stream) {
  try {
    const EventStream stream{ResponseStream()};
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), Error::invalid_option);
  }
}

TEST(EventStreamOptionsCheck, names_what_is_out_of_range) {
  Client client;
  try {
    EventStream stream(client, {.url = "http://127.0.0.1/"}, {.max_line_size = 0});
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), Error::invalid_option);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("max_line_size"));
  }
}

}  // namespace
}  // namespace headway::testing
