// SPDX-License-Identifier: BSL-1.0
#pragma once

// Facts about HTTP methods (RFC 9110 section 9). Pure functions, safe from any thread.

#include <string_view>

namespace headway {

/// A token (RFC 9110 section 5.6.2) that may be sent as a plain request's method: anything but CONNECT.
bool is_valid_method(std::string_view method) noexcept;

/// Asks for nothing to change: GET, HEAD, OPTIONS, TRACE (RFC 9110 section 9.2.1). Case-sensitive.
bool is_safe(std::string_view method) noexcept;

/// Sending it twice has the effect of sending it once: the safe ones, PUT and DELETE (RFC 9110
/// section 9.2.2).
bool is_idempotent(std::string_view method) noexcept;

/// A request of this method usually carries a body, so that an empty one is announced with `Content-Length:
/// 0`.
bool expects_body(std::string_view method) noexcept;

}  // namespace headway
