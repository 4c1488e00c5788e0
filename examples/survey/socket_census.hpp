// SPDX-License-Identifier: BSL-1.0
#pragma once

// Counts the sockets that this machine holds towards given servers, by asking the kernel. A socket belongs to
// this side if its remote end is one of the servers, so servers on the same machine do not count. Any thread.

#include "survey/census.hpp"
#include "survey/endpoint.hpp"

#include <optional>
#include <vector>

namespace survey {

/// By netlink, or where that is not allowed by reading /proc/net. Throws std::runtime_error if neither works.
Census take(const std::vector<Endpoint>& servers);

/// The two ways of take(): nothing where the system does not allow this one. `servers` must be sorted.
std::optional<Census> take_by_netlink(const std::vector<Endpoint>& servers);
std::optional<Census> take_by_proc(const std::vector<Endpoint>& servers);

}  // namespace survey
