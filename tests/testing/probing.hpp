// SPDX-License-Identifier: BSL-1.0
#pragma once

// What is sent to a peer under test, and what it threw.

#include <functional>
#include <string_view>
#include <system_error>

namespace headway::testing {

inline constexpr std::string_view simple_get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

/// The value of what the action throws; 0 where it throws nothing.
inline int errno_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

}  // namespace headway::testing
