// SPDX-License-Identifier: BSL-1.0
#pragma once

// Waits on the caller's own thread, so that an operation run on it never suspends: by a receive that blocks
// where one plain socket is awaited, on a condition variable where only signals are, by poll(2) otherwise.
// One per call.

#include <headway/detail/want.hpp>

#include <poll.h>

#include <condition_variable>
#include <mutex>
#include <span>

namespace headway::drive {

class BlockingWaiter final : public detail::Waiter, private detail::SignalObserver {
 public:
  explicit BlockingWaiter(Clock& clock) noexcept : clock_(clock) {}
  BlockingWaiter(const BlockingWaiter&) = delete;
  BlockingWaiter& operator=(const BlockingWaiter&) = delete;
  ~BlockingWaiter();

  TimePoint now() const noexcept override { return clock_.now(); }
  bool wait(detail::Want& want, std::coroutine_handle<> operation) override;
  bool receives() const noexcept override { return clock_.runs_by_itself(); }

 private:
  class ClockWatch;
  void on_signal() noexcept override;
  void on_clock_moved();
  void ring() noexcept;
  bool receive(detail::Want& want);
  void wait_for_signals(detail::Want& want);
  void poll(detail::Want& want);
  bool poll_until_ready(const detail::Want& want, std::span<pollfd> fds);
  TimePoint end_of_standstill() const noexcept;
  std::chrono::nanoseconds time_left(TimePoint deadline, TimePoint standstill) const noexcept;
  bool needs_bell(const detail::Want& want) const noexcept;
  int hang_up_bell();
  void silence_bell();
  void take_down_bell();

  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_up_;
  bool woken_ = false;
  bool bell_hangs_ = false;
  bool bell_rings_ = false;
  int bell_ = -1;  // an eventfd, made when sockets and signals are awaited together for the first time
};

/// Milliseconds from now to then for poll(2), rounded up; -1 for never.
int poll_timeout(TimePoint now, TimePoint then) noexcept;

}  // namespace headway::drive
