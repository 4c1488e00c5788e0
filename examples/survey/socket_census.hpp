// SPDX-License-Identifier: BSL-1.0
#pragma once

// Lists and counts the sockets that this machine holds towards given servers, by asking the kernel. A socket
// belongs to this side if its remote end is one of the servers, so servers on the same machine do not count;
// other programs that talk to the same servers do. Any thread.

#include "survey/census.hpp"
#include "survey/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace survey {

struct SeenSocket {
  Endpoint local, remote;
  TcpState state = TcpState::closed;
  std::uint64_t cookie = 0;  ///< the kernel's own name for it; 0 where it told none
};

using SeenSockets = std::vector<SeenSocket>;

/// By netlink, or where that is not allowed by reading /proc/net. Throws std::runtime_error if neither works.
SeenSockets list_sockets(const std::vector<Endpoint>& servers);

/// The two ways of list_sockets(): nothing where the system does not allow this one. `servers` must be
/// sorted.
std::optional<SeenSockets> list_by_netlink(const std::vector<Endpoint>& servers);
std::optional<SeenSockets> list_by_proc(const std::vector<Endpoint>& servers);

Census count(const SeenSockets& sockets);

/// Counts all that list_sockets() finds.
inline Census take(const std::vector<Endpoint>& servers) { return count(list_sockets(servers)); }

}  // namespace survey
