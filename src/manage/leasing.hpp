// SPDX-License-Identifier: BSL-1.0
#pragma once

// A lease that a user asks for himself, for every way of waiting.

#include <headway/connection_manager.hpp>
#include <headway/detail/op.hpp>

namespace headway::detail {

/// What ConnectionManager::lease does. The manager is used by the start alone; all else must outlive the
/// operation.
Op<std::error_code> lease(ConnectionManager& manager, const HttpRoute& route, const Timeouts& timeouts,
                          Lease& leased);

}  // namespace headway::detail
