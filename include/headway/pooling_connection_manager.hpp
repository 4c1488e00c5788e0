// SPDX-License-Identifier: BSL-1.0
#pragma once

// The pool: idle and leased connections by route, under a cap for each route and one for all.

#include <headway/connection_manager.hpp>
#include <headway/pool_options.hpp>
#include <headway/pool_stats.hpp>

#include <memory>

namespace headway {

class IdleConnectionMonitor;

namespace detail {
struct Environment;
}

/// Thread-safe; share it among clients by shared_ptr. It starts a thread of its own when it first has
/// something to do in the background (a monitor, a connection whose server is to close first, a dial that
/// outlives its need) and joins it when destroyed. Destroying it shuts it down; leases may outlive it.
class PoolingConnectionManager final : public ConnectionManager {
 public:
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  explicit PoolingConnectionManager(PoolOptions options = {});
  /// With another clock and another way to connect: for tests.
  PoolingConnectionManager(PoolOptions options, detail::Environment environment);
  ~PoolingConnectionManager() override;

  /// The caps, at any time; 1 or more, else std::system_error (Error::invalid_option). A raised cap serves
  /// waiters at once; a lowered one closes idle connections now and leased ones when they come back.
  void set_max_total(std::size_t max);
  void set_default_max_per_route(std::size_t max);
  void set_max_per_route(const HttpRoute& route, std::size_t max);

  PoolStats stats() const;
  PoolStats stats(const HttpRoute& route) const;

  /// Closes idle connections whose time is over; returns how many.
  std::size_t close_expired();
  /// Closes connections that have been idle for `idle` or longer (0: all idle ones); returns how many.
  /// Negative: std::system_error (Error::invalid_option).
  std::size_t close_idle(Duration idle);

  /// Opens connections ahead of need, one after another on the calling thread, until `count` are idle or
  /// being opened or the caps leave no room (nobody is evicted for it). Returns how many are idle then.
  /// Errors: as for lease.
  std::size_t warm(const HttpRoute& route, std::size_t count);
  std::size_t warm(const HttpRoute& route, std::size_t count, std::error_code& ec);
  /// The same without blocking; completes with `void(std::error_code, std::size_t)`. It runs on the handler's
  /// associated executor, or on asio::system_executor. Needs <headway/async.hpp>.
  template <class Token>
  auto async_warm(HttpRoute route, std::size_t count, Token&& token);

  void shutdown() override;

  Clock& clock() const noexcept override;
  Lease try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first) override;
  detail::Op<void> acquire(detail::LeaseRequest& request) override;
  detail::Op<std::error_code> warming(const HttpRoute& route, std::size_t count, std::size_t& idle);

 private:
  friend class IdleConnectionMonitor;
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headway
