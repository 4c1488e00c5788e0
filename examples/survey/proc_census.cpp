// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_census.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>

namespace survey {
namespace {

// "0100007F:1F90": the address in words of the machine's byte order, each printed as a number.
std::optional<Endpoint> parse_endpoint(const std::string& text) {
  std::size_t colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t word = 0; word * 8 < colon; ++word) {
    auto value = static_cast<std::uint32_t>(std::stoul(text.substr(word * 8, 8), nullptr, 16));
    std::memcpy(bytes.data() + word * 4, &value, 4);
  }
  auto port = static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1), nullptr, 16));
  if (colon == 8) return ipv4_endpoint({bytes[0], bytes[1], bytes[2], bytes[3]}, port);
  return Endpoint{bytes, port};
}

bool list_table(const char* path, const std::vector<Endpoint>& servers, SeenSockets& sockets) {
  std::ifstream table(path);
  std::string line;
  if (!std::getline(table, line)) return false;
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote;
    unsigned state = 0;
    if (!(fields >> slot >> local >> remote >> std::hex >> state)) continue;
    std::optional<Endpoint> here = parse_endpoint(local), there = parse_endpoint(remote);
    bool ours = here && there && std::binary_search(servers.begin(), servers.end(), *there);
    if (ours && state <= static_cast<unsigned>(TcpState::closing))
      sockets.push_back({.local = *here, .remote = *there, .state = static_cast<TcpState>(state)});
  }
  return true;
}

}  // namespace

std::optional<SeenSockets> list_by_proc(const std::vector<Endpoint>& servers) {
  SeenSockets sockets;
  if (!list_table("/proc/net/tcp", servers, sockets)) return std::nullopt;
  list_table("/proc/net/tcp6", servers, sockets);  // absent where IPv6 is switched off
  // A table is read in pieces, and a socket that moves meanwhile may stand in two of them.
  const auto ends = [](const SeenSocket& socket) { return std::tie(socket.remote, socket.local); };
  std::stable_sort(sockets.begin(), sockets.end(),
                   [&](const SeenSocket& a, const SeenSocket& b) { return ends(a) < ends(b); });
  const auto same = [&](const SeenSocket& a, const SeenSocket& b) { return ends(a) == ends(b); };
  sockets.erase(std::unique(sockets.begin(), sockets.end(), same), sockets.end());
  return sockets;
}

}  // namespace survey
