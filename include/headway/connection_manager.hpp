// SPDX-License-Identifier: BSL-1.0
#pragma once

// Who owns connections and leases them out: what a Client stands on. Thread-safe.

#include <headway/http_route.hpp>
#include <headway/lease.hpp>
#include <headway/timeouts.hpp>

#include <system_error>

namespace headway {

namespace core {
class FirstReceive;
}

namespace detail {
struct LeaseRequest;
template <class T>
class Op;
}  // namespace detail

class PoolingConnectionManager;
class BasicConnectionManager;

class ConnectionManager {
 public:
  virtual ~ConnectionManager() = default;

  /// Leases a connection to `route`, on the calling thread: a kept one, or a new one where the caps allow, or
  /// waits. Of `timeouts`, `lease`, `connect` and `total` count. Errors: lease_timeout, connect_timeout,
  /// total_timeout, too_many_waiters, too_many_routes, pool_shut_down, connection_in_use, Condition::resolve,
  /// connect, tls. Throws std::system_error.
  Lease lease(const HttpRoute& route, const Timeouts& timeouts = {});
  Lease lease(const HttpRoute& route, std::error_code& ec) { return lease(route, {}, ec); }
  Lease lease(const HttpRoute& route, const Timeouts& timeouts, std::error_code& ec);

  /// The same without blocking; completes with `void(std::error_code, headway::Lease)`. It runs on the
  /// handler's associated executor, or on asio::system_executor. Needs <headway/async.hpp>.
  template <class Token>
  auto async_lease(HttpRoute route, const Timeouts& timeouts, Token&& token);
  template <class Token>
  auto async_lease(HttpRoute route, Token&& token);

  /// No lease succeeds from now on: those that wait fail with Error::pool_shut_down, idle connections are
  /// closed, leased ones when their lease ends. More than once is as good as once.
  virtual void shutdown() = 0;

  // What the library itself asks; not for users to call.
  virtual Clock& clock() const noexcept = 0;
  /// Without waiting: a kept connection that is good, or none. `first`: who looks at it, where the request
  /// that it is for is known; null: the connection itself.
  virtual Lease try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first) = 0;
  /// Whatever it takes. The request must outlive the operation.
  virtual detail::Op<void> acquire(detail::LeaseRequest& request) = 0;

 private:
  // The library knows what its own managers lease; there are no others.
  friend class PoolingConnectionManager;
  friend class BasicConnectionManager;
  ConnectionManager() = default;
};

}  // namespace headway
