// SPDX-License-Identifier: BSL-1.0
#pragma once

// Netscape's cookie file: a line of seven fields, parted by tabs, for each cookie. Pure; any thread.

#include <headway/cookie_jar.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace headway::cookies {

/// Nothing for comments, empty lines and malformed ones. An expiry of 0 is that of a session's cookie.
std::optional<Cookie> parse_cookie_line(std::string_view line);

/// With its line feed. Nothing where a field holds a tab.
std::optional<std::string> cookie_line(const Cookie& cookie);

/// The comment that other programs know such a file by.
std::string_view cookie_file_head();

}  // namespace headway::cookies
