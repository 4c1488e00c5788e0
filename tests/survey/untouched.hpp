// SPDX-License-Identifier: BSL-1.0
#pragma once

// A server whose clients can be counted from zero. The system hands out a port again while TIME_WAIT sockets
// of earlier programs' clients towards it are still there, and a census of that port counts those too.

#include "survey/embedded_servers.hpp"
#include "survey/socket_census.hpp"

#include <headway/testing/loopback_server.hpp>
#include <headway/testing/reserved_port.hpp>

#include <optional>
#include <stdexcept>
#include <vector>

namespace survey {

inline Endpoint local(std::uint16_t port) { return ipv4_endpoint({127, 0, 0, 1}, port); }

inline std::vector<Endpoint> endpoints_of(const headway::testing::LoopbackServer& server) {
  return {local(server.port())};
}
inline std::vector<Endpoint> endpoints_of(const headway::testing::ReservedPort& port) {
  return {local(port.number())};
}
inline std::vector<Endpoint> endpoints_of(const EmbeddedServers& servers) { return servers.endpoints(); }

/// One that nobody holds a socket towards when it is made: servers are made and dropped until there is one.
template <class Server>
class Untouched {
 public:
  /// `arguments` are passed on, once for every server made. Throws std::runtime_error where none is
  /// untouched.
  template <class... Arguments>
  explicit Untouched(const Arguments&... arguments) {
    for (int tries = 0; tries < most_tries; ++tries) {
      server_.emplace(arguments...);
      if (list_sockets(endpoints_of(*server_)).empty()) return;
    }
    throw std::runtime_error("earlier clients' sockets are left towards every port that the system gives");
  }

  Server* operator->() { return &*server_; }
  const Server* operator->() const { return &*server_; }

 private:
  static constexpr int most_tries = 100;
  std::optional<Server> server_;
};

}  // namespace survey
