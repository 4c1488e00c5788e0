// SPDX-License-Identifier: BSL-1.0
#pragma once

// Walks a head or a trailer section line by line in front of the parser: finds where it ends, counts what
// the parser does not count, and refuses what the parser lets pass. Pure; owned by one ResponseReader.

#include <cstddef>
#include <string_view>

namespace headway::core {

/// A section is a head (status line, fields, empty line) or trailers (fields, empty line). Refused are: a
/// head that does not begin with "HTTP/1.x SP 3DIGIT" as far as the parser would forgive it, bare LF, folded
/// lines (RFC 9112 section 5.2) and empty names. Bare CR and all else is left to the parser, which gets every
/// byte in front of the first refused one: so the outcome does not depend on how the bytes were split.
class SectionGuard {
 public:
  enum class Verdict { incomplete, complete, malformed, too_large, too_many_fields };
  struct Found {
    std::size_t size;  ///< how many of the bytes are good
    Verdict verdict;   ///< what comes behind them
  };

  void start_head() noexcept { *this = {}; }
  void start_trailers() noexcept {
    *this = {};
    line_ = Line::before_line;
  }
  Found scan(std::string_view bytes, std::size_t max_bytes, std::size_t max_fields) noexcept;
  /// Bytes found good since the start.
  std::size_t size() const noexcept { return size_; }
  /// Fields that have begun since the start.
  std::size_t fields() const noexcept { return fields_; }

 private:
  /// The line in which the last byte stood, or what comes behind it.
  enum class Line : unsigned char { before_line, before_status, status, field, empty, none };
  static Line line_of(char first, Line before) noexcept;
  Found scan_lines(std::string_view bytes, std::size_t max_fields) noexcept;

  std::size_t size_ = 0;
  std::size_t fields_ = 0;
  char last_ = '\n';
  Line line_ = Line::before_status;
};

}  // namespace headway::core
