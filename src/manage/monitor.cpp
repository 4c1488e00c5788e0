// SPDX-License-Identifier: BSL-1.0
// The idle connection monitor: an operation on the manager's background thread.
#include "src/drive/readiness.hpp"
#include "src/manage/options_check.hpp"
#include "src/manage/pooling_impl.hpp"

#include <headway/idle_connection_monitor.hpp>

#include <algorithm>

namespace headway {

using detail::Op;
using detail::Signal;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

struct PoolingConnectionManager::Impl::MonitorState {
  MonitorOptions options;
  TimePoint next_look = never;  // under mutex_; never: the pool holds no connection
  std::shared_ptr<Signal> poke =
      std::make_shared<Signal>();  // the pointer under mutex_: a new one for each sleep
};

std::uint64_t PoolingConnectionManager::Impl::start_monitor(const MonitorOptions& options) {
  auto state = std::make_shared<MonitorState>();
  state->options = options;
  {
    std::lock_guard lock(mutex_);
    std::erase_if(monitors_, [](const auto& each) { return each.expired(); });
    monitors_.push_back(state);
    latest_look_ = never;
  }
  return runner_.spawn(monitor(std::move(state)));
}

/// The monitors that sleep for longer than until `expires`. Preconditions: mutex_ is held.
auto PoolingConnectionManager::Impl::monitors_to_wake(TimePoint expires) -> Signals {
  Signals sleeping;
  if (latest_look_ != never && expires >= latest_look_) return sleeping;
  latest_look_ = TimePoint::min();
  for (const auto& each : monitors_) {
    const auto state = each.lock();
    if (!state) continue;
    if (state->next_look == never || expires < state->next_look) {
      // Once is enough: it plans anew when it wakes.
      state->next_look = TimePoint::min();
      sleeping.push_back(state->poke);
    }
    latest_look_ = std::max(latest_look_, state->next_look);
  }
  return sleeping;
}

Op<void> PoolingConnectionManager::Impl::monitor(std::shared_ptr<MonitorState> shared) {
  const std::shared_ptr<MonitorState> state = std::move(shared);
  Waiter& waiter = co_await this_waiter;
  TimePoint next_interval = after(waiter.now(), state->options.interval);
  for (;;) {
    std::shared_ptr<Signal> poke = std::make_shared<Signal>();
    Want want;
    {
      std::lock_guard lock(mutex_);
      const auto expiry = pool_.next_expiry();
      state->poke = poke;
      // Connections in use will be idle soon: to be woken for each of them would cost more than one look for
      // nothing.
      const TimePoint while_in_use = pool_.empty() ? never : next_interval;
      state->next_look = expiry ? std::min(*expiry, next_interval) : while_in_use;
      latest_look_ = std::max(latest_look_, state->next_look);
      want.deadline = state->next_look;
    }
    want.signals[0] = poke.get();
    co_await want;
    const TimePoint now = waiter.now();
    if (now >= next_interval) {
      look_at_idle(state->options);
      next_interval = after(now, state->options.interval);
    } else {
      with_pool([&](ConnectionPool& pool, Effects& effects) { return pool.close_expired(now, effects); });
    }
  }
}

void PoolingConnectionManager::Impl::look_at_idle(const MonitorOptions& options) {
  std::vector<ConnectionPool::IdleRef> idle;
  std::vector<int> descriptors;
  with_pool([&](ConnectionPool& pool, Effects& effects) {
    const TimePoint now = clock_.now();
    pool.close_expired(now, effects);
    if (options.max_idle != unlimited) pool.close_idle(before(now, options.max_idle), effects);
    pool.visit_idle([&](Slot& slot) {
      idle.push_back({&slot, slot.generation()});
      descriptors.push_back(slot.connection()->native_handle());
    });
    return true;
  });
  // A descriptor may be another socket's by now; then its slot has another generation, and nothing comes of
  // it.
  std::vector<ConnectionPool::IdleRef> suspects;
  for (const std::size_t index : drive::readable_now(descriptors)) suspects.push_back(idle[index]);
  examine(suspects);
}

/// Leases each suspect for as long as it takes to look at it closely.
void PoolingConnectionManager::Impl::examine(const std::vector<ConnectionPool::IdleRef>& suspects) {
  for (const ConnectionPool::IdleRef& suspect : suspects) {
    const bool mine = with_pool([&](ConnectionPool& pool, Effects&) { return pool.lease_idle(suspect); });
    if (!mine) continue;
    core::LiveConnection& connection = *suspect.slot->connection();
    bool stale = connection.looks_dead();
    try {
      stale = stale || (options_.stale_check && options_.stale_check(connection));
    } catch (...) {
      stale = true;  // a hook that throws has not said that the connection is good
    }
    with_pool([&](ConnectionPool& pool, Effects& effects) {
      Slot& slot = *suspect.slot;
      if (stale) {
        pool.give_back(slot, CloseReason::stale, clock_.now(), slot.expires(), slot.expiry_reason(), effects);
      } else {
        pool.put_back(slot, clock_.now(), effects);
      }
      return true;
    });
  }
}

IdleConnectionMonitor::IdleConnectionMonitor(std::shared_ptr<PoolingConnectionManager> manager,
                                             MonitorOptions options)
    : manager_(std::move(manager)) {
  require(manager_ != nullptr, "manager must not be null");
  check(options, "monitor");
  if (options.interval == unlimited) return;
  job_ = manager_->impl_->start_monitor(options);
  if (job_ == 0) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                            "the monitor's thread could not be started");
  }
}

IdleConnectionMonitor::~IdleConnectionMonitor() {
  if (job_ != 0) manager_->impl_->stop_monitor(job_);
}

}  // namespace headway
