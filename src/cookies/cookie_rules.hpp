// SPDX-License-Identifier: BSL-1.0
#pragma once

// Who may set which cookie, and who gets it. Pure but for the public suffix list; any thread.

#include "src/cookies/set_cookie.hpp"

#include <headway/cookie_jar.hpp>
#include <headway/url.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace headway::cookies {

/// Who sets cookies, or is asked: what matters of a URL here.
struct Origin {
  std::string host;  ///< lower-case, without brackets and without the root's dot
  std::string_view path;
  bool secure = false;

  /// Its path is the Url's.
  static Origin of(const Url& url);
};

/// "10.0.0.1", "::1": nothing is below it.
bool is_address(std::string_view host);
/// The same, or below it (RFC 6265bis section 5.1.3).
bool domain_matches(std::string_view host, std::string_view domain);
/// The folder that the path is in (section 5.1.4).
std::string default_path(std::string_view path);
/// The same, or in it.
bool path_matches(std::string_view path, std::string_view cookie_path);

/// The cookie to keep (section 5.7), but for what depends on those that are kept already. Nothing: it is to
/// be ignored.
std::optional<Cookie> accept(SetCookie set, const Origin& from);

/// Whether a server at its domain could have set it over https.
bool is_acceptable(const Cookie& cookie);

/// Whether it goes with a request (section 5.8.3), expiry aside.
bool is_for(const Cookie& cookie, const Origin& to);

}  // namespace headway::cookies
