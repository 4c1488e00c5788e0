// SPDX-License-Identifier: BSL-1.0
#include "src/testing/request_parser.hpp"

#include <strings.h>

#include <charconv>
#include <stdexcept>

namespace headway::testing {
namespace {

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::runtime_error("not a number: " + std::string(text));
  return value;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool names_field(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

bool says_close(std::string_view head) {
  constexpr std::string_view name = "Connection", close = "close";
  for (std::size_t end = head.find("\r\n"); end != 0 && end != std::string_view::npos;
       end = head.find("\r\n")) {
    const std::string_view line = head.substr(0, end);
    if (names_field(line, name)) {
      const std::string_view value = trimmed(line.substr(name.size() + 1));
      if (value.size() == close.size() && ::strncasecmp(value.data(), close.data(), close.size()) == 0)
        return true;
    }
    head.remove_prefix(end + 2);
  }
  return false;
}

ReceivedRequest parse_request_head(std::string_view head) {
  ReceivedRequest request;
  request.raw = head;
  std::size_t line_end = head.find("\r\n");
  std::string_view line = head.substr(0, line_end);
  std::size_t first = line.find(' '), second = line.rfind(' ');
  if (first == std::string_view::npos || first == second)
    throw std::runtime_error("not a request line: " + std::string(line));
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  request.version = line.substr(second + 1);
  for (;;) {
    head.remove_prefix(line_end + 2);
    line_end = head.find("\r\n");
    if (line_end == 0) return request;
    if (line_end == std::string_view::npos) throw std::runtime_error("a head without an end");
    request.header_lines.emplace_back(head.substr(0, line_end));
  }
}

bool ChunkedDecoder::advance(std::string_view bytes) {
  std::size_t line_end = 0;
  while ((line_end = bytes.find("\r\n", consumed_)) != std::string_view::npos) {
    std::string_view line = bytes.substr(consumed_, line_end - consumed_);
    std::size_t next = line_end + 2;
    if (part_ == Part::trailers) {
      consumed_ = next;
      if (line.empty()) return true;
      continue;
    }
    std::size_t size = number(trimmed(line.substr(0, line.find(';'))), 16);
    if (size == 0) {
      part_ = Part::trailers;
    } else {
      if (size > bytes.size() - next || bytes.size() - next - size < 2) return false;
      if (bytes.substr(next + size, 2) != "\r\n") throw std::runtime_error("a chunk of another size");
      body_ += bytes.substr(next, size);
      next += size + 2;
    }
    consumed_ = next;
  }
  return false;
}

std::size_t content_length(const ReceivedRequest& request) {
  std::optional<std::string> value = request.header("Content-Length");
  return value ? number(*value, 10) : 0;
}

}  // namespace headway::testing
