// SPDX-License-Identifier: BSL-1.0
#pragma once

// Counts the sockets that this machine holds towards given servers. A socket belongs to this side if its
// remote end is one of the servers, so servers on the same machine do not count. Any thread.

#include "survey/census.hpp"
#include "survey/socket_list.hpp"

#include <vector>

namespace survey {

/// Throws as sockets_towards() does.
Census take(const std::vector<Endpoint>& servers);

/// Leaves out what is left of the sockets that were there `before`: a TIME_WAIT of a minute ago would
/// otherwise count for whoever uses the same server now, or happens to have got the same port.
Census take(const std::vector<Endpoint>& servers, const std::vector<Socket>& before);

/// The counting alone. A socket with the ends of one of `before` is that one, unless it is being opened or
/// open and was neither before: then the ends are in use again.
Census count(const std::vector<Socket>& now, const std::vector<Socket>& before);

}  // namespace survey
