// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether a redirect is followed, and with which request (RFC 9110 section 15.4).

#include <headway/response.hpp>
#include <headway/url.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

/// A 3xx response other than 304. All of it lives during the call.
struct RedirectResponse {
  const ResponseHead& head;
  const Url& url;           ///< where the response is from, with user name and password
  std::string_view method;  ///< of the request that it answers
  int number = 1;           ///< 1 for the first of a call
};

enum class RedirectBody {
  keep,  ///< the request's body is sent again
  drop,  ///< the next request has no body, no trailers, and no field that describes one
};

/// What is asked next.
struct NextRequest {
  std::string method;
  /// Absolute, http or https. A fragment is not sent. A user name and password are of no account: those of
  /// the URL that was left are kept as long as scheme, host and port stay the same, and never replaced.
  std::string url;
  RedirectBody body = RedirectBody::keep;
};

/// Nothing: the response is the call's. Asked for every 3xx response but 304, of a call that follows
/// redirects at all. What it answers is held to the client's RedirectOptions; a malformed answer is
/// Error::invalid_option. Never under a lock. An exception ends the request and reaches its caller.
using RedirectStrategy = std::function<std::optional<NextRequest>(const RedirectResponse&)>;

/// Follows 301, 302, 303, 307 and 308 to their Location, which may be relative (RFC 3986 section 5) and
/// inherits the fragment of the URL that was left (RFC 9110 section 10.2.2). 303 makes any method but HEAD a
/// GET, 301 and 302 a POST, as browsers do; the body is dropped then. Every other method stays. A response
/// without a Location, with several that differ, or with one that is malformed or neither http nor https is
/// not followed: it is the call's.
struct DefaultRedirectStrategy {
  std::optional<NextRequest> operator()(const RedirectResponse& response) const;
};

/// A redirect from https to http.
enum class Downgrade {
  refuse,  ///< Error::insecure_redirect
  allow,
};

/// How far a client follows redirects. Fields that are for the first server alone are dropped when scheme,
/// host or port changes, and are never put back: Host, Authorization, Cookie, Cookie2, Proxy-Authorization,
/// X-Api-Key, X-Auth-Token, Referer, and those of `sensitive_headers`. A body that cannot be read again is
/// not sent again: the response is the call's then.
struct RedirectOptions {
  /// More of them are Error::too_many_redirects. 0: none is followed, and 3xx responses are the call's. The
  /// same method and URL a second time is Error::redirect_loop.
  int max_redirects = 10;
  Downgrade downgrade = Downgrade::refuse;
  std::vector<std::string> sensitive_headers = {};
};

}  // namespace headway
