// SPDX-License-Identifier: BSL-1.0
#pragma once

// One attempt to get a connection from a manager, and what came of it. Owned by whoever asks, on any thread;
// the operation that answers it refers to it.

#include "src/connect/dial_timeouts.hpp"

#include <headway/detail/op.hpp>
#include <headway/error.hpp>
#include <headway/http_route.hpp>
#include <headway/lease.hpp>
#include <headway/proxy_refusal.hpp>

#include <chrono>
#include <string>
#include <system_error>

namespace headway::detail {

struct LeaseRequest {
  const HttpRoute& route;
  Duration lease_timeout;
  connect::DialTimeouts dial;
  TimePoint total = never;  ///< the whole call's deadline
  bool fresh = false;       ///< not one that was idle
  // Results:
  Lease lease = {};
  std::error_code error = {};
  Phase phase = Phase::lease;  ///< where it failed
  std::string detail = {};     ///< "127.0.0.1:80: Connection refused"
  ProxyRefusal refusal = {};   ///< where a proxy refused
  std::chrono::nanoseconds connect_time{};
};

}  // namespace headway::detail
