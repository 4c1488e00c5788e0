// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_census.hpp"

#include <map>
#include <utility>

namespace survey {
namespace {

bool opening_or_open(TcpState state) {
  return state == TcpState::established || state == TcpState::syn_sent || state == TcpState::syn_received;
}

}  // namespace

Census take(const std::vector<Endpoint>& servers) { return take(servers, {}); }

Census take(const std::vector<Endpoint>& servers, const std::vector<Socket>& before) {
  return count(sockets_towards(servers), before);
}

Census count(const std::vector<Socket>& now, const std::vector<Socket>& before) {
  std::map<std::pair<Endpoint, Endpoint>, TcpState> old;
  for (const Socket& socket : before) old.emplace(std::pair(socket.local, socket.remote), socket.state);
  Census census;
  for (const Socket& socket : now) {
    auto found = old.find({socket.local, socket.remote});
    bool used_again = found != old.end() && opening_or_open(socket.state) && !opening_or_open(found->second);
    if (found == old.end() || used_again) ++census[socket.state];
  }
  return census;
}

}  // namespace survey
