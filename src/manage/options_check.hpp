// SPDX-License-Identifier: BSL-1.0
#pragma once

// Options out of range are found when they are given, and named.

#include <headway/pool_options.hpp>
#include <headway/timeouts.hpp>

#include <cstddef>
#include <string>

namespace headway {

/// Throws std::system_error (Error::invalid_option) with `what` as its text, unless `good`.
void require(bool good, const std::string& what);

void check(const PoolOptions& options);
/// `name`: what the member is called in the error, "monitor" or "pool.monitor".
void check(const DialOptions& options, const std::string& name);
void check(const MonitorOptions& options, const std::string& name);
void check(const Timeouts& timeouts);
void check_cap(std::size_t max, const char* name);

}  // namespace headway
