// SPDX-License-Identifier: BSL-1.0
#include "src/core/section_guard.hpp"

#include <algorithm>
#include <cstring>

namespace headway::core {
namespace {

// Where the status code has ended: "HTTP/1.1 200".
constexpr std::size_t behind_status = 12;

}  // namespace

inline SectionGuard::Verdict SectionGuard::begin_line(char first, std::size_t max_fields) noexcept {
  at_line_start_ = false;
  if (in_status_line_) return first == 'H' ? Verdict::incomplete : Verdict::malformed;
  if (first == '\r') {
    in_empty_line_ = true;
    return Verdict::incomplete;
  }
  if (first == ' ' || first == '\t' || first == ':' || first == '\n') return Verdict::malformed;
  return ++fields_ > max_fields ? Verdict::too_many_fields : Verdict::incomplete;
}

SectionGuard::Found SectionGuard::scan_lines(std::string_view bytes, std::size_t max_fields) noexcept {
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  const auto found = [&](const char* at, Verdict verdict) {
    return Found{static_cast<std::size_t>(at - begin), verdict};
  };
  for (const char* at = begin; at != end;) {
    if (at_line_start_) {
      const Verdict verdict = begin_line(*at, max_fields);
      if (verdict != Verdict::incomplete) return found(at, verdict);
    }
    const auto* feed = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (feed == nullptr) break;
    if ((feed == begin ? last_ : feed[-1]) != '\r') return found(feed, Verdict::malformed);
    if (in_status_line_ && size_ + static_cast<std::size_t>(feed - begin) <= behind_status) {
      return found(feed, Verdict::malformed);
    }
    at = feed + 1;
    if (in_empty_line_) return found(at, Verdict::complete);
    in_status_line_ = false;
    at_line_start_ = true;
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
  if (in_status_line_ && size_ <= behind_status && behind_status < size_ + size) {
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
