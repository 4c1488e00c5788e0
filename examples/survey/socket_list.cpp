// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_list.hpp"

#include <algorithm>
#include <stdexcept>

namespace survey {

std::vector<Socket> sockets_towards(std::vector<Endpoint> servers) {
  std::sort(servers.begin(), servers.end());
  if (auto sockets = list_by_netlink(servers)) return *sockets;
  if (auto sockets = list_by_proc(servers)) return *sockets;
  throw std::runtime_error(
      "the system lets this process list TCP sockets neither by netlink nor in /proc/net");
}

}  // namespace survey
