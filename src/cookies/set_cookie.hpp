// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a server asks to be kept. Pure; any thread.

#include <headway/cookie_jar.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace headway::cookies {

/// Bytes: of name and value together, and of one attribute's value (RFC 6265bis sections 5.6 and 5.7).
constexpr std::size_t longest_pair = 4096, longest_attribute = 1024;

/// A Set-Cookie field, as far as it can be told without knowing whose it is.
struct SetCookie {
  std::string name, value;
  std::optional<std::chrono::sys_seconds> expires;  ///< in the past: it is to be forgotten
  std::string domain;                               ///< lower-case, without a leading dot; empty: none said
  std::optional<std::string> path;                  ///< begins with '/'
  bool secure = false;
  bool http_only = false;
  SameSite same_site = SameSite::unset;
};

/// RFC 6265bis section 5.6. Nothing where the field is to be ignored as a whole.
std::optional<SetCookie> parse_set_cookie(std::string_view field, std::chrono::sys_seconds now);

/// No later than 400 days from now (section 5.5).
std::chrono::sys_seconds cap_expiry(std::chrono::sys_seconds expires, std::chrono::sys_seconds now);

/// Control characters but the tab.
bool has_controls(std::string_view text);

}  // namespace headway::cookies
