// SPDX-License-Identifier: BSL-1.0
#pragma once

// The TCP sockets of this machine whose remote end is one of given servers, as the kernel lists them. Any
// thread.

#include "survey/endpoint.hpp"
#include "survey/tcp_state.hpp"

#include <optional>
#include <vector>

namespace survey {

struct Socket {
  Endpoint local, remote;
  TcpState state{};

  bool operator==(const Socket&) const = default;
};

/// By netlink, or where that is not allowed by reading /proc/net. Throws std::runtime_error if neither works.
std::vector<Socket> sockets_towards(std::vector<Endpoint> servers);

/// The two ways of sockets_towards(): nothing where the system does not allow this one. `servers` must be
/// sorted.
std::optional<std::vector<Socket>> list_by_netlink(const std::vector<Endpoint>& servers);
std::optional<std::vector<Socket>> list_by_proc(const std::vector<Endpoint>& servers);

}  // namespace survey
