// SPDX-License-Identifier: BSL-1.0
#pragma once

// What all asynchronous operations on one executor share: the list of them, one timer for all their
// deadlines, and the way back to the executor from other threads. It may outlive its execution context: once
// that is being destroyed it holds nothing of it any more, and takes nothing on.

#include "src/drive/asio_service.hpp"

#include <headway/detail/intrusive_list.hpp>
#include <headway/time.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace headway::drive {

class AsioDriver;
class AsioRegistration;
class AsioTask;

/// Rings at the time it is set for. Owned by whoever is to be told.
class Alarm {
 public:
  /// Called under the driver's lock. A task that is late is claimed and added to `late`. Returns when to ring
  /// again, later than `now`; `never` for no more.
  virtual TimePoint ring(TimePoint now, std::vector<AsioTask*>& late) = 0;

 protected:
  ~Alarm() = default;

 private:
  friend class AsioDriver;
  bool set_ = false;
  std::multimap<TimePoint, Alarm*>::iterator place_;
};

/// Thread-safe.
class AsioDriver final : public std::enable_shared_from_this<AsioDriver> {
 public:
  /// Where a task is to be: it holds the work until it is on the driver's list.
  struct Place {
    std::shared_ptr<AsioDriver> driver;
    std::optional<asio::any_io_executor> work = {};  ///< of an executor that ends with its work
  };
  using TaskLinks = detail::Links<AsioTask>;
  using RegistrationLinks = detail::Links<AsioRegistration>;

  /// The clock must outlive the driver. Errors of the system come as std::system_error.
  AsioDriver(const asio::any_io_executor& executor, Clock& clock);
  AsioDriver(const AsioDriver&) = delete;
  AsioDriver& operator=(const AsioDriver&) = delete;
  ~AsioDriver();

  /// Empty once the context has ended: ask only where it lives.
  const asio::any_io_executor& executor() const noexcept { return executor_; }
  Clock& clock() const noexcept { return clock_; }

  /// From its start to its end a task is on the list, which counts as work of the executor. False where the
  /// context has ended.
  bool enlist(AsioTask& task);
  void dismiss(AsioTask& task) noexcept;  // NOLINT(bugprone-exception-escape)
  /// Cancels every task that is on the list now.
  void cancel_all() noexcept;
  /// The same, and those that come until `reopen`.
  void close() noexcept;
  void reopen() noexcept;

  /// Has the executor call `task.wake()`. Preconditions: the caller has claimed the task.
  void post_wake(AsioTask& task);

  /// Sets the alarm for `time` and for no other.
  void set_alarm(Alarm& alarm, TimePoint time);
  void clear_alarm(Alarm& alarm) noexcept;

  void enlist(AsioRegistration& registration);
  void dismiss(AsioRegistration& registration) noexcept;

  /// The context is being destroyed: lets go of everything that is of it, and hands over the tasks.
  void let_go(std::vector<std::shared_ptr<AsioTask>>& orphans) noexcept;
  /// The same of a driver that has nothing left but the timer.
  void forget_context() noexcept;

 private:
  void put(Alarm& alarm, TimePoint time);
  void take(Alarm& alarm) noexcept;
  void arm_timer(TimePoint time);
  void stop_timer();
  void ring_due();
  void clock_was_moved();

  Clock& clock_;
  std::shared_ptr<AsioContextDrivers> siblings_;
  std::mutex mutex_;
  asio::any_io_executor executor_;
  asio::any_io_executor work_;  // while there are tasks
  std::optional<asio::steady_timer> timer_;
  TimePoint timer_set_for_ = never;
  bool closed_ = false;
  std::multimap<TimePoint, Alarm*> alarms_;
  struct Lists;
  std::unique_ptr<Lists> lists_;
};

}  // namespace headway::drive
