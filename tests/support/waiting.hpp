// SPDX-License-Identifier: BSL-1.0
#pragma once

// The one bound on everything a test waits for: generous, for it is reached only by a test that fails.

#include <errno.h>

#include <chrono>
#include <string>
#include <system_error>

namespace headway::testing {

inline constexpr std::chrono::seconds patience{10};

[[noreturn]] inline void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace headway::testing
