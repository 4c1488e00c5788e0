// SPDX-License-Identifier: BSL-1.0
#pragma once

// The plans that a survey compares: what becomes of a connection after its response.

#include <array>
#include <string_view>

namespace survey {

enum class Plan {
  leave_open,     ///< a new connection each time, the old one forgotten and left open
  close,          ///< a new connection each time, this side closes first
  server_closes,  ///< a new connection each time, `Connection: close`, the server closes first
  single,         ///< one connection at a time, used again where it can be
  pool,           ///< a pool of connections by route
};

inline constexpr std::array all_plans{Plan::leave_open, Plan::close, Plan::server_closes, Plan::single,
                                      Plan::pool};

/// As the command line and the reports have it: "leave-open".
constexpr std::string_view name(Plan plan) {
  switch (plan) {
    case Plan::leave_open:
      return "leave-open";
    case Plan::close:
      return "close";
    case Plan::server_closes:
      return "server-closes";
    case Plan::single:
      return "single";
    case Plan::pool:
      return "pool";
  }
  return "";
}

}  // namespace survey
