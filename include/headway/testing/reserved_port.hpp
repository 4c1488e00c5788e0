// SPDX-License-Identifier: BSL-1.0
#pragma once

// A free port of 127.0.0.1 that stays the test's while nobody listens on it: connecting to it is refused, and
// a server may come and go there. Used by one thread at a time.

#include <cstdint>
#include <utility>

namespace headway::testing {

/// Bound, never listening, until it is destroyed: refuses connections until a socket with SO_REUSEADDR, this
/// process's or another's, listens there too; and the system gives the port to nobody else.
class ReservedPort {
 public:
  /// Throws std::system_error where the system has no port left.
  ReservedPort();
  ReservedPort(ReservedPort&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), number_(other.number_) {}
  ReservedPort& operator=(ReservedPort&&) = delete;
  ~ReservedPort();

  std::uint16_t number() const noexcept { return number_; }

 private:
  int socket_;
  std::uint16_t number_ = 0;
};

}  // namespace headway::testing
