// SPDX-License-Identifier: BSL-1.0
#pragma once

// Dates as HTTP writes them. Pure; any thread.

#include <chrono>
#include <optional>
#include <string_view>

namespace headway {

/// All three forms that RFC 9110 section 5.6.7 has a recipient take: "Sun, 06 Nov 1994 08:49:37 GMT",
/// "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994". The day of the week is not held against the
/// date, a 60th second is the next minute. A year of two digits that would be more than 50 years after `now`
/// is of the century before.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text, std::chrono::sys_seconds now);

}  // namespace headway
