// SPDX-License-Identifier: BSL-1.0
#pragma once

// Dates as Set-Cookie has them. Pure; any thread.

#include <chrono>
#include <optional>
#include <string_view>

namespace headway::cookies {

/// RFC 6265bis section 5.1.1: a time, a day, a month and a year, in any order and whatever stands around
/// them. Far laxer than dates elsewhere in HTTP.
std::optional<std::chrono::sys_seconds> parse_cookie_date(std::string_view text);

}  // namespace headway::cookies
