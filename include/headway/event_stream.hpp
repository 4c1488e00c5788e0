// SPDX-License-Identifier: BSL-1.0
#pragma once

// Server-sent events (the WHATWG HTML standard, section 9.2): a text/event-stream response as a sequence of
// events, with reconnecting where it is wanted.

#include <headway/detail/asio_fwd.hpp>
#include <headway/request.hpp>
#include <headway/response_stream.hpp>
#include <headway/time.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>

namespace headway {

class Client;

namespace detail {
class EventSource;
}

/// One event, in UTF-8.
struct Event {
  std::string type = {};  ///< "message" where the server names none
  std::string data = {};  ///< its lines joined by LF
  std::string id = {};    ///< the last one that the server has given, with this event or one before
};

/// What becomes of an event stream whose connection ends or breaks.
enum class Reconnect {
  off,  ///< it is over
  on,   ///< it is asked for again, with Last-Event-ID, until the server says 204 or something else than 200
};

struct EventStreamOptions {
  Reconnect reconnect = Reconnect::off;
  /// How long to wait before a connection is made again, until the server says otherwise: 100 ms or more, or
  /// this where it is less.
  Duration retry = std::chrono::seconds(3);
  /// The longest of what the server may say: more is taken for this.
  Duration max_retry = std::chrono::minutes(5);
  /// After so many connections in a row that failed, or that ended without an event, the last of these ends
  /// is the stream's.
  int max_failures = 10;
  /// Bytes; beyond it Error::event_too_large.
  std::size_t max_line_size = 1024 * 1024;
  std::size_t max_event_size = 4 * 1024 * 1024;  ///< of data
  /// Sent with the first request, too; empty: not sent. What is no field value is Error::invalid_header.
  std::string last_event_id = {};
};

/// Not thread-safe; move-only; one operation at a time. Holds its connection as ResponseStream does. A
/// response is an event stream where its status is 200 and its type text/event-stream; any other is
/// Error::not_an_event_stream, but for 204, which is the end.
class EventStream {
 public:
  /// No stream: only assignment and destruction are allowed.
  EventStream() = default;
  /// The events of a response that was opened already. Never reconnects. Throws std::system_error
  /// (Error::invalid_option) where that is no stream.
  explicit EventStream(ResponseStream stream, EventStreamOptions options = {});
  /// Asks with `request`, to which `Accept: text/event-stream` and `Cache-Control: no-store` are added where
  /// it has none of its own, when the first event is asked for. The client must live until the stream is
  /// made; it may be gone later. A body must be replayable for reconnecting.
  EventStream(Client& client, Request request, EventStreamOptions options = {});
  EventStream(EventStream&&) noexcept = default;
  EventStream& operator=(EventStream&& other) noexcept;
  ~EventStream();

  explicit operator bool() const noexcept { return source_ != nullptr; }

  /// Waits for the next event. False at the end, with asio::error::eof in `ec`, and after an error: those of
  /// Client::open and ResponseStream::read_some; not_an_event_stream, event_too_large. Without reconnecting
  /// an end inside of an event is the end, and the event is dropped, as the standard says.
  bool next(Event& event, std::error_code& ec);
  /// The same; false at the end alone. Throws RequestError, which lacks the method where the stream was made
  /// of a response; std::system_error for operation_pending.
  bool next(Event& event);
  /// Completes with `void(std::error_code, Event)`: include <headway/async.hpp>. Cancelled, it has taken
  /// nothing, and the stream can be read on.
  template <class Token>
  auto async_next(Token&& token);

  /// What a reconnect would send: the id of the last event that was complete. Empty: none.
  const std::string& last_event_id() const noexcept;
  /// How long it would wait.
  Duration retry() const noexcept;
  /// Closes the connection; an operation under way completes with asio::error::operation_aborted. Every
  /// later one is asio::error::eof.
  void close() noexcept;

 private:
  std::shared_ptr<detail::EventSource> source_;
};

}  // namespace headway
