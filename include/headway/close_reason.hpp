// SPDX-License-Identifier: BSL-1.0
#pragma once

// Why a connection was not kept. Reuse is never a bare bool: there is always a reason that can be named.

#include <string_view>

namespace headway {

enum class CloseReason {
  none,                ///< it may be kept, or there was none
  request_close,       ///< the request said `Connection: close`
  response_close,      ///< the response said `Connection: close`
  http10,              ///< HTTP/1.0 without `Connection: keep-alive`
  close_delimited,     ///< the body ended with the connection
  ambiguous_framing,   ///< it cannot be told for sure where the response ends
  upgraded,            ///< 101, or a tunnel: no HTTP any more
  strategy,            ///< the reuse strategy said so
  keep_alive_zero,     ///< the keep-alive strategy gave it no time
  request_unfinished,  ///< the response came before the request was sent whole
  response_unread,     ///< the body was dropped before its end
  surplus_bytes,       ///< bytes came behind the end of the response
  protocol_error,      ///< the response broke the protocol or a limit
  io_error,            ///< reset, cut off, or a failed write
  timed_out,           ///< a phase took too long
  cancelled,           ///< the caller gave up, dropped it, or failed to bring the request's body
  max_requests,        ///< it has served as many requests as it may
  time_to_live,        ///< it is as old as it may get
  expired,             ///< idle for longer than its keep-alive
  idle_limit,          ///< idle for longer than the pool's idle limit
  stale,               ///< closed by the server, or bytes that nobody asked for, while idle
  evicted,             ///< made room for another route
  over_capacity,       ///< the caps were lowered, or it was not wanted
  replaced,            ///< a fresh connection was asked for
  shut_down,           ///< the manager was shut down
};

/// One sentence in English; a literal.
std::string_view explain(CloseReason reason) noexcept;

}  // namespace headway
