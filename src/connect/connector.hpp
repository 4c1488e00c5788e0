// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a route becomes an open connection.

#include "src/connect/dial_timeouts.hpp"
#include "src/core/transport.hpp"

#include <headway/detail/op.hpp>
#include <headway/dial_options.hpp>
#include <headway/http_route.hpp>
#include <headway/proxy_refusal.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace headway::connect {

struct Dialled {
  std::unique_ptr<core::Transport> transport;  ///< null where it failed
  std::error_code error = {};
  Phase phase = Phase::connect;  ///< where it failed
  std::string detail = {};       ///< which address, and what the system said
  ProxyRefusal refusal = {};     ///< where a proxy refused

  static Dialled failure(std::error_code error, std::string detail, Phase phase = Phase::connect) {
    Dialled failed;
    failed.error = error;
    failed.phase = phase;
    failed.detail = std::move(detail);
    return failed;
  }
};

/// Thread-safe.
class Connector {
 public:
  virtual ~Connector() = default;
  /// Opens a connection. The operation owns what it needs: it may outlive its caller, but not the connector.
  virtual detail::Op<Dialled> connect(HttpRoute route, DialTimeouts timeouts) = 0;
};

/// To real networks. The clock must outlive it.
std::shared_ptr<Connector> make_connector(const DialOptions& options, const Clock& clock);

}  // namespace headway::connect

namespace headway::detail {

/// What a manager takes from outside.
struct Environment {
  std::shared_ptr<connect::Connector> connector = nullptr;  ///< null: the one that the options make
  Clock* clock = &system_clock();                           ///< must outlive the manager
};

}  // namespace headway::detail
