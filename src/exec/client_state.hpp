// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a Client is. Operations that were prepared but not started yet keep it alive.

#include "src/exec/client_core.hpp"

#include <headway/idle_connection_monitor.hpp>

#include <memory>
#include <optional>

namespace headway::detail {

struct ClientState {
  ClientState(std::shared_ptr<ConnectionManager> manager, const ClientOptions& options,
              const asio::any_io_executor* executor)
      : core(std::make_shared<exec::ClientCore>(std::move(manager), options, executor)) {}

  std::shared_ptr<exec::ClientCore> core;
  std::optional<IdleConnectionMonitor> monitor;   // of a pool of its own
  std::shared_ptr<PoolingConnectionManager> own;  // likewise
};

}  // namespace headway::detail
