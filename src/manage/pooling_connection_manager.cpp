// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/manage/options_check.hpp"
#include "src/manage/pooling_impl.hpp"

#include <headway/pooling_connection_manager.hpp>

namespace headway {

PoolingConnectionManager::PoolingConnectionManager(PoolOptions options)
    : PoolingConnectionManager(std::move(options), detail::Environment{}) {}

PoolingConnectionManager::PoolingConnectionManager(PoolOptions options, detail::Environment environment) {
  check(options);
  impl_ = std::make_shared<Impl>(std::move(options), std::move(environment));
}

PoolingConnectionManager::~PoolingConnectionManager() {
  if (impl_) impl_->stop();
}

void PoolingConnectionManager::set_max_total(std::size_t max) {
  check_cap(max, "max_total");
  impl_->with_pool([&](auto& pool, auto& effects) { return pool.set_max_total(max, effects), true; });
}

void PoolingConnectionManager::set_default_max_per_route(std::size_t max) {
  check_cap(max, "default_max_per_route");
  impl_->with_pool(
      [&](auto& pool, auto& effects) { return pool.set_default_max_per_route(max, effects), true; });
}

void PoolingConnectionManager::set_max_per_route(const HttpRoute& route, std::size_t max) {
  check_cap(max, "max_per_route");
  impl_->with_pool(
      [&](auto& pool, auto& effects) { return pool.set_max_per_route(route, max, effects), true; });
}

PoolStats PoolingConnectionManager::stats() const { return impl_->stats(); }
PoolStats PoolingConnectionManager::stats(const HttpRoute& route) const { return impl_->stats(route); }

std::size_t PoolingConnectionManager::close_expired() {
  const TimePoint now = clock().now();
  return impl_->with_pool([&](auto& pool, auto& effects) { return pool.close_expired(now, effects); });
}

std::size_t PoolingConnectionManager::close_idle(Duration idle) {
  require(idle >= Duration::zero(), "close_idle: idle must not be negative");
  const TimePoint since = before(clock().now(), idle);
  return impl_->with_pool([&](auto& pool, auto& effects) { return pool.close_idle(since, effects); });
}

std::size_t PoolingConnectionManager::warm(const HttpRoute& route, std::size_t count) {
  std::error_code ec;
  const std::size_t idle = warm(route, count, ec);
  if (ec) throw std::system_error(ec, "warm " + route.str());
  return idle;
}

std::size_t PoolingConnectionManager::warm(const HttpRoute& route, std::size_t count, std::error_code& ec) {
  std::size_t idle = 0;
  drive::BlockingWaiter waiter(clock());
  ec = impl_->warm(route, count, idle).run(waiter);
  return idle;
}

detail::Op<std::error_code> PoolingConnectionManager::warming(const HttpRoute& route, std::size_t count,
                                                              std::size_t& idle) {
  return impl_->warm(route, count, idle);
}

void PoolingConnectionManager::shutdown() { impl_->shutdown(); }

Clock& PoolingConnectionManager::clock() const noexcept { return impl_->clock(); }

Lease PoolingConnectionManager::try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first) {
  return impl_->try_lease(route, now, first);
}

detail::Op<void> PoolingConnectionManager::acquire(detail::LeaseRequest& request) {
  return impl_->acquire(request);
}

}  // namespace headway
