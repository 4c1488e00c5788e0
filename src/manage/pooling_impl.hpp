// SPDX-License-Identifier: BSL-1.0
#pragma once

// What stands behind PoolingConnectionManager: the pool's accounting under a lock, and everything it decides
// performed outside of it. Kept alive by the manager and by every lease; jobs of its runner refer to it by
// plain pointer, which is why the runner is stopped before the manager lets go.

#include "src/connect/dial.hpp"
#include "src/core/live_connection.hpp"
#include "src/drive/background_runner.hpp"
#include "src/manage/lease_request.hpp"

#include <headway/pool.hpp>
#include <headway/pooling_connection_manager.hpp>

#include <atomic>
#include <mutex>
#include <random>

namespace headway {

class PoolingConnectionManager::Impl final
    : public detail::LeaseHome,
      public std::enable_shared_from_this<PoolingConnectionManager::Impl> {
 public:
  using ConnectionPtr = std::unique_ptr<core::LiveConnection>;
  using ConnectionPool = Pool<ConnectionPtr>;
  using Slot = ConnectionPool::Slot;
  using Effects = ConnectionPool::Effects;

  /// A lease that waits.
  struct LeaseWaiter final : ConnectionPool::Waiter {
    detail::Signal signal;  ///< its state may have changed
    /// A place that it was granted while it slept, and where nobody dials yet. Under mutex_.
    Slot* granted = nullptr;
  };

  Impl(PoolOptions options, detail::Environment environment);

  Lease try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first);
  detail::Op<void> acquire(detail::LeaseRequest& request);
  CloseReason end_lease(void* slot, Connection& connection, const detail::LeaseEnd& end) noexcept override;
  /// What PoolingConnectionManager::warm does. The route must outlive the operation.
  detail::Op<std::error_code> warm(const HttpRoute& route, std::size_t count, std::size_t& idle);

  /// Does something to the pool under the lock, and what follows from it outside.
  template <class Action>
  auto with_pool(Action action) {
    Effects effects;
    auto result = [&] {
      std::lock_guard lock(mutex_);
      auto done = action(pool_, effects);
      note_grants(effects);
      return done;
    }();
    if (!effects.empty()) perform(effects);
    return result;
  }

  bool pool_is_shut_down() const;
  PoolStats stats() const;
  PoolStats stats(const HttpRoute& route) const;
  void shutdown();
  /// Ends the background thread; connections that it waits for are closed. Before the manager is gone.
  void stop();
  Clock& clock() const noexcept { return clock_; }

  std::uint64_t start_monitor(const MonitorOptions& options);
  void stop_monitor(std::uint64_t job) { runner_.cancel(job); }

 private:
  class DialPlace;
  class Withdrawal;
  struct Expiry {
    TimePoint time;
    CloseReason reason;
  };
  struct MonitorState;

  /// Counts one connection whose server is to close first.
  class Closing {
   public:
    explicit Closing(std::atomic<std::size_t>& count) noexcept : count_(&count) { ++*count_; }
    Closing(Closing&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Closing& operator=(Closing&&) = delete;
    ~Closing() {
      if (count_ != nullptr) --*count_;
    }

   private:
    std::atomic<std::size_t>* count_;
  };

  void perform(Effects& effects);
  void close(ConnectionPtr connection, CloseReason reason);
  detail::Op<void> await_server_close(ConnectionPtr connection, Closing counted);

  void enter(const std::shared_ptr<LeaseWaiter>& waiter, const detail::LeaseRequest& request, TimePoint now);
  bool hand_out(detail::LeaseRequest& request, Slot& slot, TimePoint now,
                const std::shared_ptr<LeaseWaiter>& waiter);
  bool is_stale(core::LiveConnection& connection, TimePoint now, core::FirstReceive* first);
  detail::Op<bool> dial_for(detail::LeaseRequest& request, const std::shared_ptr<LeaseWaiter>& waiter,
                            Slot& slot);
  detail::Op<bool> warm_one(detail::LeaseRequest& request);
  detail::Op<void> finish_dial(connect::Dial dial, std::unique_ptr<DialPlace> place);
  static void note_grant(LeaseWaiter& waiter);
  static void note_grants(const Effects& effects);
  static void forgo_grant(LeaseWaiter& waiter, ConnectionPool& pool, Effects& effects);
  ConnectionPtr make_connection(const HttpRoute& route, connect::Dialled dialled, TimePoint now);
  Expiry expiry_of(const core::LiveConnection& connection, Duration keep_alive, TimePoint now) const;
  void connected(Slot& slot, ConnectionPtr connection, TimePoint now);

  detail::Op<void> monitor(std::shared_ptr<MonitorState> state);
  void look_at_idle(const MonitorOptions& options);
  void examine(const std::vector<ConnectionPool::IdleRef>& suspects);
  using Signals = std::vector<std::shared_ptr<detail::Signal>>;
  Signals monitors_to_wake(TimePoint expires);

  PoolOptions options_;
  std::shared_ptr<connect::Connector> connector_;
  Clock& clock_;
  mutable std::mutex mutex_;
  ConnectionPool pool_;                                // under mutex_
  std::vector<std::weak_ptr<MonitorState>> monitors_;  // under mutex_
  TimePoint latest_look_ = never;                      // under mutex_; no monitor sleeps for longer
  std::minstd_rand random_;                            // under mutex_
  std::uint64_t opened_ = 0;                           // under mutex_
  std::atomic<std::uint64_t> reused_{0};
  std::atomic<std::size_t> closing_{0};
  drive::BackgroundRunner runner_;
};

}  // namespace headway
