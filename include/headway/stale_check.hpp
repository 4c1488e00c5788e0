// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether an idle connection is still good, asked immediately before it is used again.

#include <headway/connection.hpp>

#include <functional>

namespace headway {

/// True = stale: it is closed and the next one is taken. Called on the thread that wants the connection,
/// never under a lock, and by the monitor's thread. An exception closes the connection and reaches the
/// caller; the monitor ignores it.
using StaleCheck = std::function<bool(Connection&)>;

/// One look at the socket without blocking: end of file, an error or any byte that nobody asked for is stale.
struct DefaultStaleCheck {
  bool operator()(Connection& connection) const { return connection.looks_dead(); }
};

}  // namespace headway
