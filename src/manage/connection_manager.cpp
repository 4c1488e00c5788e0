// SPDX-License-Identifier: BSL-1.0
#include "src/core/deadlines.hpp"
#include "src/drive/blocking_waiter.hpp"
#include "src/manage/options_check.hpp"

#include <headway/connection_manager.hpp>

namespace headway {

Lease ConnectionManager::lease(const HttpRoute& route, const Timeouts& timeouts) {
  std::error_code ec;
  Lease lease = this->lease(route, timeouts, ec);
  if (ec) throw std::system_error(ec, "lease " + route.str());
  return lease;
}

Lease ConnectionManager::lease(const HttpRoute& route, const Timeouts& timeouts, std::error_code& ec) {
  ec.clear();
  if (core::negative_member(timeouts) != nullptr) {
    ec = Error::invalid_option;
    return {};
  }
  const core::Budgets budgets = core::merge(timeouts, {});
  const TimePoint now = clock().now();
  detail::LeaseRequest request{.route = route,
                               .lease_timeout = budgets.lease,
                               .connect_timeout = budgets.connect,
                               .total = after(now, budgets.total)};
  if (!try_lease(request, now)) {
    drive::BlockingWaiter waiter(clock());
    acquire(request).run(waiter);
  }
  ec = request.error;
  return std::move(request.lease);
}

}  // namespace headway
