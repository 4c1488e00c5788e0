// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_census.hpp"

#include <algorithm>
#include <stdexcept>

namespace survey {

Census take(const std::vector<Endpoint>& servers) {
  std::vector<Endpoint> sorted = servers;
  std::sort(sorted.begin(), sorted.end());
  if (std::optional<Census> census = take_by_netlink(sorted)) return *census;
  if (std::optional<Census> census = take_by_proc(sorted)) return *census;
  throw std::runtime_error(
      "the system lets this process list TCP sockets neither by netlink nor in /proc/net");
}

}  // namespace survey
