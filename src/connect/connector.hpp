// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a route becomes an open connection.

#include "src/connect/dial_timeouts.hpp"
#include "src/core/transport.hpp"

#include <headway/detail/op.hpp>
#include <headway/http_route.hpp>
#include <headway/proxy_refusal.hpp>

#include <memory>
#include <string>
#include <system_error>

namespace headway::connect {

struct Dialled {
  std::unique_ptr<core::Transport> transport;  ///< null where it failed
  std::error_code error = {};
  Phase phase = Phase::connect;  ///< where it failed
  std::string detail = {};       ///< which address, and what the system said
  ProxyRefusal refusal = {};     ///< where a proxy refused
};

/// Thread-safe.
class Connector {
 public:
  virtual ~Connector() = default;
  /// Opens a connection. The operation owns what it needs: it may outlive its caller, but not the connector.
  virtual detail::Op<Dialled> connect(HttpRoute route, DialTimeouts timeouts) = 0;
};

/// The one that a program uses if it names no other. Shared, made when first asked for.
std::shared_ptr<Connector> default_connector();

}  // namespace headway::connect

namespace headway::detail {

/// What a manager takes from outside.
struct Environment {
  std::shared_ptr<connect::Connector> connector = connect::default_connector();
  Clock* clock = &system_clock();  ///< must outlive the manager
};

}  // namespace headway::detail
