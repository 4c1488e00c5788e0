// SPDX-License-Identifier: BSL-1.0
#include "src/manage/pooling_impl.hpp"

#include <algorithm>
#include <array>

namespace headway {

using detail::LeaseRequest;
using detail::Op;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// How long a server that is to close first is waited for, and how many at a time.
constexpr Duration server_close_timeout = std::chrono::seconds(2);
constexpr std::size_t most_closing = 1024;

/// Reasons after which the server closes by itself.
bool server_closes(CloseReason reason) {
  return reason == CloseReason::request_close || reason == CloseReason::response_close ||
         reason == CloseReason::http10;
}

}  // namespace

PoolingConnectionManager::Impl::Impl(PoolOptions options, detail::Environment environment)
    : options_(std::move(options)),
      connector_(environment.connector ? std::move(environment.connector)
                                       : connect::make_connector(options_.dial, *environment.clock)),
      clock_(*environment.clock),
      pool_({.max_total = options_.max_total,
             .max_per_route = options_.max_per_route,
             .max_waiters = options_.max_waiters,
             .max_routes = options_.max_routes,
             .reuse = options_.reuse}),
      random_(std::random_device{}()),
      runner_(clock_) {}

// --- leasing
// ----------------------------------------------------------------------------------------------------------

Lease PoolingConnectionManager::Impl::try_lease(const HttpRoute& route, TimePoint now,
                                                core::FirstReceive* first) {
  for (;;) {
    Slot* const slot = with_pool(
        [&](ConnectionPool& pool, Effects& effects) { return pool.take_idle(route, now, effects); });
    if (slot == nullptr) return {};
    core::LiveConnection& connection = *slot->connection();
    Lease lease(shared_from_this(), slot, connection, true);
    if (!is_stale(connection, now, first)) {
      reused_.fetch_add(1, std::memory_order_relaxed);
      return lease;
    }
    lease.discard(CloseReason::stale);
  }
}

/// Makes the leased slot, whose connection was kept, the request's, unless it turns out to be dead: then it
/// is closed, the waiter stands in the queue again, and false is returned.
bool PoolingConnectionManager::Impl::hand_out(LeaseRequest& request, Slot& slot, TimePoint now,
                                              const std::shared_ptr<LeaseWaiter>& waiter) {
  core::LiveConnection& connection = *slot.connection();
  Lease lease(shared_from_this(), &slot, connection, true);
  if (is_stale(connection, now, nullptr)) {
    // In this order, or the place that becomes free would go to somebody behind it.
    enter(waiter, request, now);
    lease.discard(CloseReason::stale);
    return false;
  }
  reused_.fetch_add(1, std::memory_order_relaxed);
  request.lease = std::move(lease);
  return true;
}

bool PoolingConnectionManager::Impl::is_stale(core::LiveConnection& connection, TimePoint now,
                                              core::FirstReceive* first) {
  if (!options_.stale_check || options_.validate_after_inactivity == unlimited) return false;
  if (now < after(connection.idle_since(), options_.validate_after_inactivity)) return false;
  return connection.is_stale(options_.stale_check, first);
}

CloseReason PoolingConnectionManager::Impl::end_lease(void* place, Connection& base,
                                                      const detail::LeaseEnd& end) noexcept {
  Slot& slot = *static_cast<Slot*>(place);
  auto& connection = static_cast<core::LiveConnection&>(base);
  const TimePoint now = end.now == never ? clock_.now() : end.now;
  CloseReason reason = end.reason;
  Expiry expiry{now, CloseReason::keep_alive_zero};
  if (reason == CloseReason::none) {
    expiry = expiry_of(connection, end.keep_alive, now);
    if (connection.served() >= options_.max_requests_per_connection) reason = CloseReason::max_requests;
    if (expiry.time <= now) reason = expiry.reason;
  }
  connection.set_idle_since(now);
  Effects effects;
  Signals wake;
  {
    std::lock_guard lock(mutex_);
    pool_.give_back(slot, reason, now, expiry.time, expiry.reason, effects);
    note_grants(effects);
    if (reason == CloseReason::none) {
      if (!effects.closing.empty()) reason = effects.closing.front().reason;
      wake = monitors_to_wake(expiry.time);
    }
  }
  for (const auto& monitor : wake) monitor->set();
  if (!effects.empty()) perform(effects);
  return reason;
}

auto PoolingConnectionManager::Impl::expiry_of(const core::LiveConnection& connection, Duration keep_alive,
                                               TimePoint now) const -> Expiry {
  if (keep_alive <= Duration::zero()) return {now, CloseReason::keep_alive_zero};
  Expiry expiry{after(now, keep_alive), CloseReason::expired};
  if (const TimePoint limit = after(now, options_.max_idle); limit < expiry.time) {
    expiry = {limit, CloseReason::idle_limit};
  }
  if (connection.end_of_life() < expiry.time) expiry = {connection.end_of_life(), CloseReason::time_to_live};
  return expiry;
}

auto PoolingConnectionManager::Impl::make_connection(const HttpRoute& route, connect::Dialled dialled,
                                                     TimePoint now) -> ConnectionPtr {
  auto connection = std::make_unique<core::LiveConnection>(route, now, std::move(dialled.transport));
  if (options_.time_to_live != unlimited) {
    std::lock_guard lock(mutex_);
    std::uniform_int_distribution<Duration::rep> shorter(0, options_.time_to_live.count() / 10);
    connection->set_end_of_life(after(now, options_.time_to_live - Duration(shorter(random_))));
  }
  return connection;
}

// --- what the pool's decisions ask for
// --------------------------------------------------------------------------------

void PoolingConnectionManager::Impl::perform(Effects& effects) {
  for (auto& woken : effects.woken) static_cast<LeaseWaiter&>(*woken).signal.set();
  for (auto& closing : effects.closing) {
    if (closing.connection) close(std::move(closing.connection), closing.reason);
  }
}

void PoolingConnectionManager::Impl::close(ConnectionPtr connection, CloseReason reason) {
  if (!server_closes(reason)) return;
  // The end of TLS is announced before the connection itself is closed.
  core::Transport& transport = connection->transport();
  if (transport.is_raw() && transport.look() == core::Transport::Idle::ended) return;
  if (closing_.load(std::memory_order_relaxed) >= most_closing) return;
  try {
    runner_.spawn(await_server_close(std::move(connection), Closing(closing_)));
  } catch (const std::bad_alloc&) {
    // Then it is closed now.
  }
}

/// Keeps our side open until the server has closed its own, so that TIME_WAIT stays there.
Op<void> PoolingConnectionManager::Impl::await_server_close(ConnectionPtr connection, Closing counted) {
  const Closing until_end = std::move(counted);
  const ConnectionPtr mine = std::move(connection);
  Waiter& waiter = co_await this_waiter;
  const TimePoint deadline = after(waiter.now(), server_close_timeout);
  core::Transport& transport = mine->transport();
  std::array<char, 1024> ignored;
  for (int reads = 0; reads < 64; ++reads) {
    const core::IoResult got = transport.discard(ignored);
    if (got.kind == core::IoResult::Kind::done) continue;
    if (!got.blocked()) co_return;
    detail::SocketWant socket{&transport.socket(), got.kind == core::IoResult::Kind::want_readable,
                              got.kind == core::IoResult::Kind::want_writable};
    Want want;
    want.sockets = {&socket, 1};
    want.deadline = deadline;
    co_await want;
    if (want.timed_out) co_return;
  }
}

// --- figures and the end
// ----------------------------------------------------------------------------------------------

bool PoolingConnectionManager::Impl::pool_is_shut_down() const {
  std::lock_guard lock(mutex_);
  return pool_.is_shut_down();
}

PoolStats PoolingConnectionManager::Impl::stats() const {
  std::lock_guard lock(mutex_);
  PoolStats stats = pool_.stats();
  stats.closing = closing_.load(std::memory_order_relaxed);
  stats.opened = opened_;
  stats.reused = reused_.load(std::memory_order_relaxed);
  return stats;
}

PoolStats PoolingConnectionManager::Impl::stats(const HttpRoute& route) const {
  std::lock_guard lock(mutex_);
  return pool_.stats(route);
}

void PoolingConnectionManager::Impl::shutdown() {
  with_pool([](ConnectionPool& pool, Effects& effects) { return pool.shutdown(effects), true; });
}

void PoolingConnectionManager::Impl::stop() {
  shutdown();
  runner_.stop();
}

}  // namespace headway
