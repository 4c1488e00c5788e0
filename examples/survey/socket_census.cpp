// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_census.hpp"

#include <algorithm>
#include <stdexcept>

namespace survey {

SeenSockets list_sockets(const std::vector<Endpoint>& servers) {
  std::vector<Endpoint> sorted = servers;
  std::sort(sorted.begin(), sorted.end());
  if (std::optional<SeenSockets> sockets = list_by_netlink(sorted)) return *std::move(sockets);
  if (std::optional<SeenSockets> sockets = list_by_proc(sorted)) return *std::move(sockets);
  throw std::runtime_error(
      "the system lets this process list TCP sockets neither by netlink nor in /proc/net");
}

Census count(const SeenSockets& sockets) {
  Census census;
  for (const SeenSocket& socket : sockets) ++census[socket.state];
  return census;
}

}  // namespace survey
