// SPDX-License-Identifier: BSL-1.0
#include "src/core/event_parser.hpp"

#include "src/utf8.hpp"

#include <headway/error.hpp>

#include <algorithm>
#include <utility>

namespace headway::core {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr Duration longest_retry = std::chrono::hours(24);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool EventParser::parse(std::string_view& input, Event& event, std::error_code& ec) {
  ec.clear();
  while (!ec && !input.empty()) {
    if (std::exchange(after_cr_, false) && input.front() == '\n') {
      input.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(input.find_first_of("\r\n"), input.size());
    if (line_.size() + end > max_line_) {
      ec = Error::event_too_large;
      break;
    }
    if (end == input.size()) {
      line_ += input;
      input = {};
      break;
    }
    std::string_view line = input.substr(0, end);
    if (!line_.empty()) line = line_ += line;
    after_cr_ = input[end] == '\r';
    input.remove_prefix(end + 1);
    const bool complete = end_line(line, event, ec);
    line_.clear();
    if (complete) return true;
  }
  return false;
}

void EventParser::restart() noexcept {
  line_.clear();
  type_.clear();
  data_.clear();
  next_id_ = last_id_;
  has_data_ = after_cr_ = false;
  first_line_ = true;
}

/// True where the line is the empty one that ends an event.
bool EventParser::end_line(std::string_view line, Event& event, std::error_code& ec) {
  if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark)) {
    line.remove_prefix(byte_order_mark.size());
  }
  if (line.empty()) return dispatch(event);
  const std::size_t colon = line.find(':');
  if (colon == 0) return false;  // a comment
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value, ec);
  return false;
}

/// An event without data is none, but its id counts.
bool EventParser::dispatch(Event& event) {
  last_id_ = next_id_;
  if (std::exchange(has_data_, false)) {
    event.type = type_.empty() ? "message" : std::move(type_);
    event.data = std::move(data_);
    event.id = last_id_;
    type_.clear();
    data_.clear();
    return true;
  }
  type_.clear();
  return false;
}

void EventParser::take_field(std::string_view name, std::string_view value, std::error_code& ec) {
  if (name == "data") {
    if (data_.size() + value.size() + 1 > max_event_) {
      ec = Error::event_too_large;
      return;
    }
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += detail::repaired_utf8(value);
  } else if (name == "event") {
    type_ = detail::repaired_utf8(value);
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) next_id_ = detail::repaired_utf8(value);
  } else if (name == "retry") {
    take_retry(value);
  }
}

void EventParser::take_retry(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return;
  Duration retry{};
  for (const char digit : digits) {
    retry = std::min<Duration>(retry * 10 + Duration(digit - '0'), longest_retry);
  }
  retry_ = retry;
}

bool is_event_stream(std::string_view content_type) noexcept {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  constexpr std::string_view wanted = "text/event-stream";
  return std::equal(type.begin(), type.end(), wanted.begin(), wanted.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
  });
}

}  // namespace headway::core
