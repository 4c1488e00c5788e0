// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether a server that was just started is there yet.

#include "tests/support/child_process.hpp"

#include <cstdint>

namespace headway::testing {

/// Whether somebody accepts on this port of 127.0.0.1 now.
bool accepts(std::uint16_t port);

/// Waits until somebody does; false where the process exits before, or patience runs out.
[[nodiscard]] bool wait_until_accepting(std::uint16_t port, ChildProcess& process);

}  // namespace headway::testing
