// SPDX-License-Identifier: BSL-1.0
#pragma once

// A free port of 127.0.0.1 that stays ours while nobody listens on it, so that a server may come and go.

#include "tests/support/descriptor.hpp"

#include <netinet/in.h>

#include <cstdint>

namespace headway::testing {

/// Bound, never listening: connecting to it is refused until a socket with SO_REUSEADDR, ours or another
/// process's, listens there too; and the system gives the port to nobody else.
class ReservedPort {
 public:
  /// Throws std::system_error.
  ReservedPort();
  std::uint16_t number() const noexcept { return number_; }

 private:
  Descriptor socket_;
  std::uint16_t number_ = 0;
};

sockaddr_in loopback_address(std::uint16_t port) noexcept;

/// A TCP socket with CLOEXEC and SO_REUSEADDR, bound to 127.0.0.1. Throws std::system_error.
Descriptor bound_socket(std::uint16_t port);

}  // namespace headway::testing
