// SPDX-License-Identifier: BSL-1.0

#include <headway/close_reason.hpp>

namespace headway {

std::string_view explain(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::none:
      return "The connection may be kept.";
    case CloseReason::request_close:
      return "The request said Connection: close.";
    case CloseReason::response_close:
      return "The response said Connection: close.";
    case CloseReason::http10:
      return "The response is HTTP/1.0 without Connection: keep-alive.";
    case CloseReason::close_delimited:
      return "The body ended with the connection.";
    case CloseReason::ambiguous_framing:
      return "It cannot be told for sure where the response ends.";
    case CloseReason::upgraded:
      return "The connection no longer speaks HTTP.";
    case CloseReason::strategy:
      return "The reuse strategy refused to keep it.";
    case CloseReason::keep_alive_zero:
      return "The keep-alive strategy gave it no time.";
    case CloseReason::request_unfinished:
      return "The response came before the request was sent whole.";
    case CloseReason::response_unread:
      return "The body was dropped before its end.";
    case CloseReason::surplus_bytes:
      return "Bytes came behind the end of the response.";
    case CloseReason::protocol_error:
      return "The response broke the protocol or a limit.";
    case CloseReason::io_error:
      return "The connection broke.";
    case CloseReason::timed_out:
      return "A phase took too long.";
    case CloseReason::cancelled:
      return "The caller gave up, or failed to bring the request's body.";
    case CloseReason::max_requests:
      return "It has served as many requests as it may.";
    case CloseReason::time_to_live:
      return "It is as old as it may get.";
    case CloseReason::expired:
      return "It was idle for longer than its keep-alive.";
    case CloseReason::idle_limit:
      return "It was idle for longer than the pool's idle limit.";
    case CloseReason::stale:
      return "The server closed it, or sent bytes that nobody asked for, while it was idle.";
    case CloseReason::evicted:
      return "It made room for another route.";
    case CloseReason::over_capacity:
      return "The pool had no place for it.";
    case CloseReason::replaced:
      return "A fresh connection was asked for instead.";
    case CloseReason::shut_down:
      return "The connection manager was shut down.";
  }
  return "Unknown reason.";
}

}  // namespace headway
