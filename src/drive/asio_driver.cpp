// SPDX-License-Identifier: BSL-1.0
#include "src/drive/asio_driver.hpp"

#include "src/drive/asio_registration.hpp"
#include "src/drive/asio_task.hpp"

#include <asio/generic/stream_protocol.hpp>
#include <asio/post.hpp>

#include <algorithm>

namespace headway::drive {

struct AsioDriver::Lists {
  detail::IntrusiveList<AsioTask, &AsioTask::links> tasks;
  detail::IntrusiveList<AsioRegistration, &AsioRegistration::links> registrations;
};

AsioDriver::AsioDriver(const asio::any_io_executor& executor, Clock& clock)
    : clock_(clock), executor_(executor), timer_(executor), lists_(std::make_unique<Lists>()) {
  // Asio ends the services of a context in the reverse order of their making: those that are used here must
  // be older than ours.
  const asio::generic::stream_protocol::socket older(executor);
  auto& context = asio::query(executor, asio::execution::context);
  siblings_ = asio::use_service<AsioService>(context).drivers();
  siblings_->add(*this);
  clock_.subscribe(this, [this] { clock_was_moved(); });
}

AsioDriver::~AsioDriver() {
  clock_.unsubscribe(this);
  siblings_->remove(*this);
}

// --- tasks
// --------------------------------------------------------------------------------------------------------------

bool AsioDriver::enlist(AsioTask& task) {
  std::lock_guard lock(mutex_);
  if (!executor_) return false;
  if (lists_->tasks.empty()) {
    work_ = asio::prefer(executor_, asio::execution::outstanding_work.tracked);
    if (!alarms_.empty()) arm_timer(alarms_.begin()->first);
  }
  lists_->tasks.push_back(task);
  if (closed_) task.cancel(detail::Cancellation::terminal);  // it does not wait yet: nothing is posted
  return true;
}

// Asio's cancel throws where the system fails in a way that it does not.
void AsioDriver::dismiss(AsioTask& task) noexcept {  // NOLINT(bugprone-exception-escape)
  std::lock_guard lock(mutex_);
  if (!lists_->tasks.contains(task)) return;
  lists_->tasks.remove(task);
  if (!lists_->tasks.empty()) return;
  // Nothing is left to do: a timer that goes on would keep the context's run() from returning.
  stop_timer();
  work_ = {};
}

void AsioDriver::cancel_all() noexcept {
  std::vector<std::shared_ptr<AsioTask>> tasks;
  {
    std::lock_guard lock(mutex_);
    tasks.reserve(lists_->tasks.size());
    for (AsioTask* task = lists_->tasks.front(); task != nullptr; task = task->links.next)
      tasks.push_back(task->shared_from_this());
  }
  for (const auto& task : tasks) task->cancel(detail::Cancellation::terminal);
}

void AsioDriver::close() noexcept {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  cancel_all();
}

void AsioDriver::reopen() noexcept {
  std::lock_guard lock(mutex_);
  closed_ = false;
}

void AsioDriver::post_wake(AsioTask& task) {
  std::lock_guard lock(mutex_);
  if (executor_) asio::post(executor_, [&task] { task.wake(); });
}

// --- alarms
// -------------------------------------------------------------------------------------------------------------

void AsioDriver::set_alarm(Alarm& alarm, TimePoint time) {
  std::lock_guard lock(mutex_);
  if (!executor_) return;
  take(alarm);
  put(alarm, time);
  if (time < timer_set_for_) arm_timer(time);
}

void AsioDriver::clear_alarm(Alarm& alarm) noexcept {
  std::lock_guard lock(mutex_);
  take(alarm);
}

void AsioDriver::put(Alarm& alarm, TimePoint time) {
  alarm.place_ = alarms_.emplace(time, &alarm);
  alarm.set_ = true;
}

void AsioDriver::take(Alarm& alarm) noexcept {
  if (std::exchange(alarm.set_, false)) alarms_.erase(alarm.place_);
}

void AsioDriver::arm_timer(TimePoint time) {
  timer_set_for_ = time;
  const auto delay = time - clock_.now();
  timer_->expires_after(std::clamp<std::chrono::nanoseconds>(delay, {}, std::chrono::hours(24)));
  timer_->async_wait([driver = weak_from_this()](std::error_code ec) {
    if (ec) return;
    if (const auto alive = driver.lock()) alive->ring_due();
  });
}

void AsioDriver::stop_timer() {
  if (std::exchange(timer_set_for_, never) != never) timer_->cancel();
}

/// On the executor, because the timer has rung or the clock was moved.
void AsioDriver::ring_due() {
  std::vector<AsioTask*> late;
  {
    std::lock_guard lock(mutex_);
    if (!executor_) return;
    const TimePoint now = clock_.now();
    while (!alarms_.empty() && alarms_.begin()->first <= now) {
      Alarm& alarm = *alarms_.begin()->second;
      take(alarm);
      const TimePoint again = alarm.ring(now, late);
      if (again != never) put(alarm, again);
    }
    if (alarms_.empty() || lists_->tasks.empty()) {
      stop_timer();
    } else {
      arm_timer(alarms_.begin()->first);
    }
  }
  for (AsioTask* task : late) post_wake(*task);
}

void AsioDriver::clock_was_moved() {
  std::lock_guard lock(mutex_);
  if (!executor_) return;
  if (alarms_.empty()) return stop_timer();  // it was set by the time before
  asio::post(executor_, [driver = weak_from_this()] {
    if (const auto alive = driver.lock()) alive->ring_due();
  });
}

// --- registrations, and the end
// -----------------------------------------------------------------------------------------

void AsioDriver::enlist(AsioRegistration& registration) {
  std::lock_guard lock(mutex_);
  lists_->registrations.push_back(registration);
}

void AsioDriver::dismiss(AsioRegistration& registration) noexcept {
  std::lock_guard lock(mutex_);
  take(registration);
  if (lists_->registrations.contains(registration)) lists_->registrations.remove(registration);
}

void AsioDriver::let_go(std::vector<std::shared_ptr<AsioTask>>& orphans) noexcept {
  std::lock_guard lock(mutex_);
  while (AsioTask* task = lists_->tasks.front()) {
    lists_->tasks.remove(*task);
    orphans.push_back(task->shared_from_this());
  }
  while (AsioRegistration* registration = lists_->registrations.front()) {
    lists_->registrations.remove(*registration);
    registration->release();
  }
  forget_context();
}

void AsioDriver::forget_context() noexcept {
  timer_.reset();
  work_ = {};
  executor_ = {};
}

}  // namespace headway::drive
