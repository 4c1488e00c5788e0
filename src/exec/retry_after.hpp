// SPDX-License-Identifier: BSL-1.0
#pragma once

// How long a response asks to wait (RFC 9110 section 10.2.3). Pure; any thread.

#include <headway/headers.hpp>
#include <headway/time.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace headway::exec {

/// Retry-After as seconds or as a date, which is taken relative to `date`; 0 where that has passed. Nothing
/// where it is malformed. A wait beyond what a Duration holds is `unlimited`.
std::optional<Duration> parse_retry_after(std::string_view value, std::chrono::sys_seconds date);

/// The same of a response, relative to its own Date so that the two clocks need not agree, or to `now` where
/// it has none. Nothing where there is no Retry-After, or more than one.
std::optional<Duration> retry_after_of(const Headers& headers, std::chrono::sys_seconds now);

}  // namespace headway::exec
