// SPDX-License-Identifier: BSL-1.0
#pragma once

// One operation on an executor: the waiter that it awaits its wants from, and what runs it from its start to
// its end. It is resumed by functions of the executor alone, and by one at a time, whatever the executor;
// what wakes it up (a socket, a signal, its deadline, its cancellation) may come on any thread.
//
// A wait goes through three states, so that nobody resumes an operation whose last run is still on a stack:
//
//   running   -- wait() -->  armed    -- the run has returned -->  waiting
//   armed     -- claimed --> woken    the run itself goes on as soon as it has returned
//   waiting   -- claimed --> woken    who has claimed it calls wake(), or has the executor call it

#include "src/drive/asio_driver.hpp"

#include <headway/detail/async_operation.hpp>
#include <headway/detail/op.hpp>

#include <atomic>
#include <memory>
#include <optional>

namespace headway::drive {

class AsioTask : public detail::AsyncOperation,
                 public std::enable_shared_from_this<AsioTask>,
                 private detail::Waiter,
                 private detail::SignalObserver,
                 private Alarm {
 public:
  AsioTask(const AsioTask&) = delete;
  AsioTask& operator=(const AsioTask&) = delete;

  void start(std::shared_ptr<AsyncOperation> self) final;
  void cancel(detail::Cancellation how) noexcept final;

  /// Whoever sees a want fulfilled claims the task; of several one succeeds, and calls wake() or has it
  /// called. False too where the task's own run sees to it.
  bool claim() noexcept { return claim(0); }
  /// The same, because its deadline has passed.
  bool claim_late() noexcept;
  /// Goes on. On the executor; preconditions: the caller has claimed the task.
  void wake();
  /// Ends it without a word. Preconditions: the driver has let go of it, and nothing of its context runs.
  void abandon() noexcept;

  // Its place among the driver's tasks; the driver's.
  AsioDriver::TaskLinks links;

 protected:
  explicit AsioTask(AsioDriver::Place place) noexcept
      : driver_(std::move(place.driver)), work_(std::move(place.work)) {}

  AsioDriver& driver() const noexcept { return *driver_; }
  /// Whether a server may have noticed something of this operation when it last waited. Any thread.
  bool is_noticed() const noexcept { return noticed_.load(std::memory_order_relaxed); }

 private:
  /// The operation itself; called once.
  virtual detail::Op<std::error_code> perform() = 0;
  /// Its end, told to the completion. Called once, unless `drop` is.
  virtual void conclude(detail::CalledFrom from, std::error_code ec) = 0;
  virtual void drop() noexcept = 0;
  /// Whether a server may have noticed something of this operation by now. Called whenever it waits.
  virtual bool was_noticed() const noexcept { return false; }
  /// Whether it may still be cancelled in this way. Any thread.
  virtual bool may_cancel(detail::Cancellation how) const noexcept = 0;

  TimePoint now() const noexcept override { return driver_->clock().now(); }
  bool wait(detail::Want& want, std::coroutine_handle<> operation) override;
  std::optional<bool> begin_receive(detail::Socket& socket, detail::ReceiveRoom& room) noexcept override;
  void on_signal() noexcept override;
  TimePoint ring(TimePoint now, std::vector<AsioTask*>& late) override;

  void run(detail::CalledFrom from);
  void finish(detail::CalledFrom from, std::error_code ec);
  std::error_code outcome() noexcept;
  bool publish() noexcept;
  bool gave_turn() noexcept;
  bool rouse(detail::CalledFrom from);
  bool is_cancelled(unsigned state) const noexcept;
  bool claim(unsigned evidence) noexcept;
  void arm(detail::Want& want);
  void disarm() noexcept;

  std::shared_ptr<AsioDriver> driver_;
  std::optional<asio::any_io_executor> work_;  // until the start
  std::shared_ptr<AsyncOperation> self_;       // from the start to the end
  detail::Op<std::error_code> op_;
  std::coroutine_handle<> suspended_;
  detail::Want* want_ = nullptr;
  bool has_alarm_ = false;
  std::atomic<unsigned> state_{0};
  std::atomic<bool> noticed_{false};
  friend class AsioDriver;
};

}  // namespace headway::drive
