// SPDX-License-Identifier: BSL-1.0
#pragma once

// Ranges of bytes, asked for and answered (RFC 9110 section 14). Pure functions, safe from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway {

/// Values of a Range field. Offsets count from 0.
std::string bytes_from(std::uint64_t first);
/// Both included. Preconditions: first <= last.
std::string bytes_between(std::uint64_t first, std::uint64_t last);
/// Preconditions: count > 0.
std::string last_bytes(std::uint64_t count);

/// What a Content-Range says.
struct ContentRange {
  struct Bytes {
    std::uint64_t first = 0, last = 0;  ///< both included, first <= last
  };
  std::optional<Bytes> bytes = {};          ///< which part this is; unset in a 416
  std::optional<std::uint64_t> total = {};  ///< of the whole; unset where the server does not know
};

/// Nothing where it is malformed, contradicts itself, or is of another unit than bytes.
std::optional<ContentRange> parse_content_range(std::string_view value);

}  // namespace headway
