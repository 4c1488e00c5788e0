// SPDX-License-Identifier: BSL-1.0
#include "src/core/section_guard.hpp"

#include <algorithm>
#include <cstring>

namespace headway::core {
namespace {

// Where the status code has ended: "HTTP/1.1 200".
constexpr std::size_t behind_status = 12;

}  // namespace

/// What the line is that begins with `first`; `none` where no line may begin so.
inline SectionGuard::Line SectionGuard::line_of(char first, Line before) noexcept {
  if (before == Line::before_status) return first == 'H' ? Line::status : Line::none;
  if (first > ':') return Line::field;  // as it mostly is
  if (first == '\r') return Line::empty;
  return first == ' ' || first == '\t' || first == ':' || first == '\n' ? Line::none : Line::field;
}

SectionGuard::Found SectionGuard::scan_lines(std::string_view bytes, std::size_t max_fields) noexcept {
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  // The loop uses locals, lest each turn should write the members.
  Line line = line_;
  std::size_t fields = fields_;
  const auto found = [&](const char* at, Verdict verdict) {
    line_ = line;
    fields_ = fields;
    return Found{static_cast<std::size_t>(at - begin), verdict};
  };
  for (const char* at = begin; at != end;) {
    if (line <= Line::before_status) {
      line = line_of(*at, line);
      if (line == Line::none) return found(at, Verdict::malformed);
      if (line == Line::field && ++fields > max_fields) return found(at, Verdict::too_many_fields);
    }
    const auto* feed = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (feed == nullptr) break;
    if ((feed == begin ? last_ : feed[-1]) != '\r') return found(feed, Verdict::malformed);
    if (line != Line::field) {
      if (line == Line::empty) return found(feed + 1, Verdict::complete);
      const std::size_t status_line = size_ + static_cast<std::size_t>(feed - begin);
      if (status_line <= behind_status) return found(feed, Verdict::malformed);
    }
    at = feed + 1;
    line = Line::before_line;
  }
  if (!bytes.empty()) last_ = bytes.back();
  return found(end, Verdict::incomplete);
}

SectionGuard::Found SectionGuard::scan(std::string_view bytes, std::size_t max_bytes,
                                       std::size_t max_fields) noexcept {
  Verdict cut = Verdict::incomplete;
  std::size_t size = bytes.size();
  if (size > max_bytes - size_) {
    size = max_bytes - size_;
    cut = Verdict::too_large;
  }
  // A fourth digit would be counted in, so that "0200" were 200.
  const bool in_status_line = line_ == Line::before_status || line_ == Line::status;
  if (in_status_line && size_ <= behind_status && behind_status < size_ + size) {
    const char next = bytes[behind_status - size_];
    if (next != ' ' && next != '\r') {
      size = behind_status - size_;
      cut = Verdict::malformed;
    }
  }
  Found found = scan_lines(bytes.substr(0, size), max_fields);
  size_ += found.size;
  if (found.verdict == Verdict::incomplete) found.verdict = cut;
  return found;
}

}  // namespace headway::core
