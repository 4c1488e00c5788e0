// SPDX-License-Identifier: BSL-1.0
#include "src/core/deadlines.hpp"
#include "src/drive/blocking_waiter.hpp"
#include "src/manage/lease_request.hpp"
#include "src/manage/leasing.hpp"

#include <headway/connection_manager.hpp>

namespace headway {

Lease ConnectionManager::lease(const HttpRoute& route, const Timeouts& timeouts) {
  std::error_code ec;
  Lease lease = this->lease(route, timeouts, ec);
  if (ec) throw std::system_error(ec, "lease " + route.str());
  return lease;
}

Lease ConnectionManager::lease(const HttpRoute& route, const Timeouts& timeouts, std::error_code& ec) {
  Lease leased;
  drive::BlockingWaiter waiter(clock());
  ec = detail::lease(*this, route, timeouts, leased).run(waiter);
  return leased;
}

detail::Op<std::error_code> detail::lease(ConnectionManager& manager, const HttpRoute& route,
                                          const Timeouts& timeouts, Lease& leased) {
  if (core::negative_member(timeouts) != nullptr) co_return Error::invalid_option;
  const Waiter& time = co_await this_waiter;
  const core::Budgets budgets = core::merge(timeouts, {});
  const TimePoint now = time.now();
  LeaseRequest request{.route = route,
                       .lease_timeout = budgets.lease,
                       .dial = {budgets.connect, budgets.tls_handshake},
                       .total = after(now, budgets.total)};
  leased = manager.try_lease(route, now, nullptr);
  if (leased) co_return std::error_code();
  co_await manager.acquire(request);
  leased = std::move(request.lease);
  co_return request.error;
}

}  // namespace headway
