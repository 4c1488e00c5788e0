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
    in_status_line_ = false;
  }
  Found scan(std::string_view bytes, std::size_t max_bytes, std::size_t max_fields) noexcept;
  /// Bytes found good since the start.
  std::size_t size() const noexcept { return size_; }

 private:
  Verdict begin_line(char first, std::size_t max_fields) noexcept;
  Found scan_lines(std::string_view bytes, std::size_t max_fields) noexcept;

  std::size_t size_ = 0;
  std::size_t fields_ = 0;
  char last_ = '\n';
  bool in_status_line_ = true;
  bool at_line_start_ = true;
  bool in_empty_line_ = false;
};

}  // namespace headway::core
