// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether a connection may be kept at all after a response, and if not, why.

#include <headway/close_reason.hpp>
#include <headway/request.hpp>
#include <headway/response.hpp>

#include <functional>

namespace headway {

/// CloseReason::none keeps the connection. It can only add reasons: what DefaultReuseStrategy, or the library
/// itself, found to forbid reuse (bytes left over, an unfinished request, unclear framing) stands, and then
/// it is not asked. Called after the head, on the thread that reads it, never under a lock. An exception
/// closes the connection and reaches the caller of the request.
using ReuseStrategy = std::function<CloseReason(const Request&, const ResponseHead&)>;

/// RFC 9112 section 9.3 with the checks of experience: `Connection: close` on either side closes; HTTP/1.0
/// needs keep-alive, and "close, keep-alive" closes; a body that is not self-delimiting closes; a 204 that
/// announces a body closes; Proxy-Connection counts where there is no Connection field.
struct DefaultReuseStrategy {
  CloseReason operator()(const Request& request, const ResponseHead& head) const;
};

/// Keeps nothing: every request says `Connection: close`, and the connection is closed only after the server
/// has closed its side (waited for in the background, at most 2 s and 1,024 connections at a time), so that
/// TIME_WAIT stays on the server's side. A BasicConnectionManager has no background: there the connection is
/// closed at once.
struct NeverReuse {
  CloseReason operator()(const Request& request, const ResponseHead& head) const;
};

}  // namespace headway
