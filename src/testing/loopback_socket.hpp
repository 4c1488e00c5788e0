// SPDX-License-Identifier: BSL-1.0
#pragma once

// Sockets of 127.0.0.1. Thread-safe.

#include "src/testing/descriptor.hpp"

#include <netinet/in.h>

#include <cstdint>

namespace headway::testing {

sockaddr_in loopback_address(std::uint16_t port) noexcept;

/// A TCP socket with CLOEXEC and SO_REUSEADDR, bound to that address of 127.0.0.0/8; port 0 is any free one.
/// Throws std::system_error.
Descriptor bound_socket(std::uint16_t port, const char* address = "127.0.0.1");

/// Throws std::system_error.
std::uint16_t port_of(const Descriptor& socket);

}  // namespace headway::testing
