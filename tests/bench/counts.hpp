// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the whole process has asked of the C library so far: a program that is linked with this has its own
// malloc and connect, which count and pass the call on. Thread-safe.

#include <cstdint>

namespace headway::bench {

/// Calls of malloc and its siblings; operator new is one of their callers.
std::uint64_t allocations() noexcept;

/// Connections that were opened over TCP.
std::uint64_t connections_opened() noexcept;

/// Throws std::runtime_error where calls of malloc reach another one. No other thread may run.
void require_counting();

}  // namespace headway::bench
