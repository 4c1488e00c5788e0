// SPDX-License-Identifier: BSL-1.0
#pragma once

// How long a connection may be kept idle after a response.

#include <headway/http_route.hpp>
#include <headway/response.hpp>
#include <headway/time.hpp>

#include <functional>

namespace headway {

/// Returns how long the connection is good for from now on: 0 or less = do not keep it, `unlimited` = no
/// limit. Called on the thread that finished the response, never under a lock; may be called by many threads
/// at once. An exception closes the connection and reaches the caller of the request.
using KeepAliveStrategy = std::function<Duration(const ResponseHead&, const HttpRoute&)>;

/// Follows the server's `Keep-Alive` field: `timeout=N` seconds less a margin, so that the server does not
/// close first; `timeout=0` and `max=0` mean do not keep. The first well-formed value of each counts,
/// malformed ones are ignored.
struct DefaultKeepAliveStrategy {
  /// Where the server says nothing.
  Duration silent = std::chrono::seconds(30);
  /// Taken off the server's timeout, but never more than half of it.
  Duration margin = std::chrono::seconds(1);
  Duration operator()(const ResponseHead& head, const HttpRoute& route) const;
};

}  // namespace headway
