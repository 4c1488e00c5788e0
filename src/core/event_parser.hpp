// SPDX-License-Identifier: BSL-1.0
#pragma once

// The lines of an event stream as events, by the rules of the WHATWG HTML standard, section 9.2.6. Pure:
// bytes in pieces of any size go in. One thread at a time.

#include <headway/event_stream.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace headway::core {

class EventParser {
 public:
  EventParser(std::size_t max_line_size, std::size_t max_event_size, std::string last_event_id = {})
      : max_line_(max_line_size),
        max_event_(max_event_size),
        next_id_(last_event_id),
        last_id_(std::move(last_event_id)) {}

  /// Takes bytes from the front of `input` up to the end of an event. False: it took all, and the event is
  /// still to come. Errors: event_too_large.
  bool parse(std::string_view& input, Event& event, std::error_code& ec);
  /// Drops what is incomplete: another stream begins. Its ids go on.
  void restart() noexcept;

  /// Of the last event that was complete.
  const std::string& last_event_id() const noexcept { return last_id_; }
  /// What the stream has said last, in milliseconds; numbers beyond a day are a day.
  std::optional<Duration> retry() const noexcept { return retry_; }

 private:
  bool end_line(std::string_view line, Event& event, std::error_code& ec);
  bool dispatch(Event& event);
  void take_field(std::string_view name, std::string_view value, std::error_code& ec);
  void take_retry(std::string_view digits);

  std::size_t max_line_, max_event_;
  std::string line_;  // that has begun in an earlier piece
  std::string type_, data_, next_id_, last_id_;
  std::optional<Duration> retry_;
  bool has_data_ = false;
  bool first_line_ = true;
  bool after_cr_ = false;
};

/// Whether a Content-Type is text/event-stream, with parameters or without.
bool is_event_stream(std::string_view content_type) noexcept;

}  // namespace headway::core
