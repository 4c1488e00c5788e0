// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_baseline.hpp"

namespace survey {

SocketBaseline::SocketBaseline(const SeenSockets& sockets) {
  for (const SeenSocket& socket : sockets) sockets_.emplace(std::pair(socket.local, socket.remote), socket);
}

// The ends of a live socket are its own for as long as it lives, whatever state it comes to. Those of a
// TIME_WAIT socket may have passed to another, which is in another state or has another cookie.
bool SocketBaseline::holds(const SeenSocket& socket) const {
  auto found = sockets_.find(std::pair(socket.local, socket.remote));
  if (found == sockets_.end()) return false;
  const SeenSocket& old = found->second;
  if (old.state != TcpState::time_wait) return true;
  return socket.state == TcpState::time_wait && socket.cookie == old.cookie;
}

Census SocketBaseline::take(const std::vector<Endpoint>& servers) const {
  SeenSockets sockets = list_sockets(servers);
  std::erase_if(sockets, [this](const SeenSocket& socket) { return holds(socket); });
  return count(sockets);
}

}  // namespace survey
