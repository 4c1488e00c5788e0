// SPDX-License-Identifier: BSL-1.0
#pragma once

// What came back: a value.

#include <headway/close_reason.hpp>
#include <headway/headers.hpp>
#include <headway/proxy_refusal.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway {

/// Status line and header fields (RFC 9112 sections 4 and 5).
struct ResponseHead {
  int status = 0;         ///< 200 … 999; 1xx are never handed out
  int minor_version = 1;  ///< 1 for HTTP/1.1, 0 for HTTP/1.0
  std::string reason = {};
  Headers headers = {};
};

/// How long it took; steady time. A phase that did not happen is 0: a reused connection has no `connect`.
struct Timings {
  std::chrono::microseconds lease{};       ///< from the call until a connection was there, dialling included
  std::chrono::microseconds connect{};     ///< look-up and connecting, within `lease`
  std::chrono::microseconds first_byte{};  ///< from the call to the end of the response's head
  std::chrono::microseconds total{};       ///< from the call to the end of the body
};

/// A redirect that was followed.
struct FollowedRedirect {
  int status = 0;        ///< of the response that redirected
  std::string url = {};  ///< where that response was from, without user name and password
};

/// How the response was got.
struct ExchangeInfo {
  bool connection_reused = false;  ///< the connection had served a request before
  int attempts = 0;                ///< how many requests it took, the last one included
  std::string effective_url = {};  ///< where the response is from, without user name and password
  std::vector<FollowedRedirect> redirects = {};  ///< in order; empty where there were none
  /// The Content-Encoding that the body had and was rid of: "gzip"; empty where it is as it came. The headers
  /// lack Content-Encoding and Content-Length then, which are not the decoded body's; an ETag is still the
  /// encoded one's.
  std::string decoded = {};
  Timings timings = {};
  CloseReason close_reason = CloseReason::none;  ///< why the connection was not kept; `none` if it was
  ProxyRefusal proxy_refusal = {};               ///< what a proxy said that opened no tunnel
};

struct Response : ResponseHead {
  std::string body = {};
  Headers trailers = {};  ///< fields after a chunked body, apart from `headers` (RFC 9110 section 6.5)
  ExchangeInfo info = {};

  /// The body as UTF-8, from the charset that Content-Type names, or from `default_charset` where it names
  /// none. A byte order mark wins and is removed; what is malformed becomes U+FFFD. An unknown charset:
  /// Error::unknown_charset (thrown as std::system_error by the form without `ec`).
  std::string text(std::string_view default_charset = "UTF-8") const;
  std::string text(std::error_code& ec) const;
  std::string text(std::string_view default_charset, std::error_code& ec) const;
};

}  // namespace headway
