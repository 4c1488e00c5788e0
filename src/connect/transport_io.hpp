// SPDX-License-Identifier: BSL-1.0
#pragma once

// Reading and writing while a connection is being set up. Operations on their caller's thread; what they are
// given must outlive them.

#include "src/core/transport.hpp"

#include <headway/detail/op.hpp>
#include <headway/time.hpp>

#include <span>
#include <string_view>
#include <system_error>

namespace headway::connect {

/// Errors of all: connect_timeout once the deadline has passed; connection_closed, connection_reset.
detail::Op<std::error_code> write_all(core::Transport& transport, std::string_view bytes, TimePoint deadline);
/// `n` bytes, at least 1. Preconditions: `into` is not empty.
detail::Op<std::error_code> read_some(core::Transport& transport, std::span<char> into, std::size_t& n,
                                      TimePoint deadline);
/// Fills `into`, and takes nothing beyond it.
detail::Op<std::error_code> read_exactly(core::Transport& transport, std::span<char> into,
                                         TimePoint deadline);

}  // namespace headway::connect
