// SPDX-License-Identifier: BSL-1.0
#pragma once

// What an EventStream holds: the response that its events come from, the request that brings another one, and
// the parser. An operation under way keeps it alive, so that the stream may be destroyed meanwhile. One
// thread at a time, but for `close`, `leave` and the ends of operations.

#include "src/core/event_parser.hpp"
#include "src/exec/one_operation.hpp"
#include "src/exec/stream_state.hpp"

#include <headway/event_stream.hpp>

#include <array>
#include <memory>
#include <optional>

namespace headway::detail {

class EventSource {
 public:
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  EventSource(std::shared_ptr<const exec::ClientCore> client, Request request, EventStreamOptions options);
  EventSource(std::shared_ptr<StreamState> stream, EventStreamOptions options);

  /// The next event; asio::error::eof at the end.
  Op<std::error_code> next(Event& event);

  /// Of the error that `next` ended with last, other than asio::error::eof.
  const FailedRequest& failed() const noexcept { return failed_; }
  const std::string& last_event_id() const noexcept { return parser_.last_event_id(); }
  Duration retry() const noexcept;
  Clock& clock() const noexcept;
  exec::AsyncHost& async() const noexcept;

  bool begins(const std::shared_ptr<AsyncOperation>& operation) { return operation_.begins(operation); }
  void ended() noexcept;
  bool is_busy() const { return operation_.is_busy(); }
  void leave() noexcept { operation_.cancel(); }
  void close() noexcept;

 private:
  enum class State : unsigned char { unopened, open, lost, over };
  Op<std::error_code> advance();
  Op<std::error_code> connect();
  Op<std::error_code> receive();
  Op<void> pause();
  Request make_request() const;
  std::error_code check_head() const;
  FailedRequest describe(std::error_code ec) const;
  std::error_code lost(std::error_code ec);
  void shut() noexcept;

  std::shared_ptr<const exec::ClientCore> client_;  // null: a response that was given
  Request request_;
  Request asked_;  // with what is added; the response's call refers to it
  EventStreamOptions options_;
  core::EventParser parser_;
  std::shared_ptr<StreamState> stream_;
  State state_ = State::unopened;
  int failures_ = 0;        // to get an event out of a connection, in a row
  bool has_event_ = false;  // of the connection at hand
  std::error_code end_;
  FailedRequest failed_;
  std::array<char, 16 * 1024> buffer_;
  std::string_view input_;  // of the buffer, not parsed yet
  exec::OneOperation operation_;
};

}  // namespace headway::detail
