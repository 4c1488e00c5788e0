// SPDX-License-Identifier: BSL-1.0
#pragma once

// One connection at a time: kept while requests go to the same route, closed and opened anew for another.

#include <headway/connection_manager.hpp>
#include <headway/dial_options.hpp>
#include <headway/stale_check.hpp>

#include <memory>

namespace headway {

namespace detail {
struct Environment;
}

/// Thread-safe, though only one lease can exist at a time: a second one is Error::connection_in_use at once.
/// It has no background thread: an idle connection that the server has closed stays in CLOSE_WAIT until the
/// next lease or `close_idle`.
class BasicConnectionManager final : public ConnectionManager {
 public:
  BasicConnectionManager();
  explicit BasicConnectionManager(StaleCheck stale_check);
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  explicit BasicConnectionManager(DialOptions dial, StaleCheck stale_check = DefaultStaleCheck{});
  /// With another clock and another way to connect: for tests.
  BasicConnectionManager(StaleCheck stale_check, detail::Environment environment);
  ~BasicConnectionManager() override;

  /// Closes the connection if it is idle; returns whether it was.
  bool close_idle();

  void shutdown() override;

  Clock& clock() const noexcept override;
  Lease try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first) override;
  detail::Op<void> acquire(detail::LeaseRequest& request) override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headway
