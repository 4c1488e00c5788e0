// SPDX-License-Identifier: BSL-1.0
#pragma once

// Looks after idle connections in the background, so that what the server has closed does not stay in
// CLOSE_WAIT.

#include <headway/pool_options.hpp>
#include <headway/pooling_connection_manager.hpp>

#include <cstdint>
#include <memory>

namespace headway {

/// From its construction to its destruction: closes what has expired when it expires, and at each interval
/// what has been idle for too long and what the server has closed or written to. It runs on its manager's
/// background thread, sleeps while the pool holds nothing idle, and survives exceptions of the stale-check
/// hook. Its destructor waits for a look under way, no longer.
class IdleConnectionMonitor {
 public:
  /// Throws std::system_error (Error::invalid_option) where an option is out of range, and
  /// std::errc::resource_unavailable_try_again where the system has no thread left.
  explicit IdleConnectionMonitor(std::shared_ptr<PoolingConnectionManager> manager,
                                 MonitorOptions options = {});
  IdleConnectionMonitor(const IdleConnectionMonitor&) = delete;
  IdleConnectionMonitor& operator=(const IdleConnectionMonitor&) = delete;
  ~IdleConnectionMonitor();

 private:
  std::shared_ptr<PoolingConnectionManager> manager_;
  std::uint64_t job_ = 0;
};

}  // namespace headway
