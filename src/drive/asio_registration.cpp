// SPDX-License-Identifier: BSL-1.0
#include "src/drive/asio_registration.hpp"

#include "src/drive/asio_task.hpp"

#include <sys/ioctl.h>

namespace headway::drive {

using detail::Socket;
using detail::SocketWant;

AsioRegistration& AsioRegistration::of(Socket& socket, const std::shared_ptr<AsioDriver>& driver) {
  const auto& attached = socket.attachment();
  if (!attached || attached->owner() != driver.get()) {
    socket.attach(nullptr);  // a descriptor can be in one reactor's hands only
    socket.attach(std::make_shared<AsioRegistration>(driver, socket.descriptor()));
  }
  return static_cast<AsioRegistration&>(*attached);
}

AsioRegistration::AsioRegistration(std::shared_ptr<AsioDriver> driver, int descriptor)
    : driver_(std::move(driver)) {
  descriptor_.emplace(driver_->executor(), descriptor);
  // Asio wants it non-blocking and asks once; a blocking waiter, which may be the next to use it, wants to
  // wait by receiving. Nothing here reads or writes without saying MSG_DONTWAIT.
  std::error_code ignored;
  descriptor_->native_non_blocking(true, ignored);
  int off = 0;
  ::ioctl(descriptor, FIONBIO, &off);
  driver_->enlist(*this);
}

struct AsioRegistration::OnReady {
  std::shared_ptr<AsioRegistration> registration;
  Direction direction;
  unsigned wait;
  void operator()(std::error_code) const { registration->ready(direction, wait); }
};

void AsioRegistration::arm(AsioTask& task, const SocketWant& wanted, TimePoint deadline) {
  bool earlier = false;
  {
    std::lock_guard lock(mutex_);
    task_ = &task;
    deadline_ = deadline;
    earlier = deadline < alarm_set_for_;
    if (earlier) alarm_set_for_ = deadline;
    if (wanted.readable) watch(reading);
    if (wanted.writable) watch(writing);
  }
  if (earlier) driver_->set_alarm(*this, deadline);
}

/// Preconditions: mutex_ is held.
void AsioRegistration::watch(Direction direction) {
  using asio::posix::descriptor_base;
  if (!descriptor_) return;  // the context has ended
  descriptor_->async_wait(direction == reading ? descriptor_base::wait_read : descriptor_base::wait_write,
                          OnReady{shared_from_this(), direction, wait_});
  watched_[direction] = true;
}

/// On the executor. An error counts as ready: the operation finds out what it is.
void AsioRegistration::ready(Direction direction, unsigned wait) {
  AsioTask* claimed = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (wait != wait_) return;
    watched_[direction] = false;
    came_true_[direction] = true;
    if (task_->claim()) claimed = task_;
  }
  if (claimed != nullptr) claimed->wake();
}

void AsioRegistration::disarm(SocketWant& wanted) noexcept {
  std::lock_guard lock(mutex_);
  wanted.readable = came_true_[reading];
  wanted.writable = came_true_[writing];
  came_true_ = {};
  task_ = nullptr;
  deadline_ = never;
  ++wait_;
  // A wait that goes on would keep the context's run() from returning.
  std::error_code ignored;
  if ((watched_[reading] || watched_[writing]) && descriptor_) descriptor_->cancel(ignored);
  watched_ = {};
}

void AsioRegistration::detach() noexcept {
  release();
  driver_->dismiss(*this);
}

void AsioRegistration::release() noexcept {
  std::lock_guard lock(mutex_);
  if (!descriptor_) return;
  descriptor_->release();
  descriptor_.reset();
}

/// A wait that began after the alarm was set has a later deadline.
TimePoint AsioRegistration::ring(TimePoint now, std::vector<AsioTask*>& late) {
  std::lock_guard lock(mutex_);
  alarm_set_for_ = never;
  if (task_ == nullptr) return never;
  if (deadline_ <= now) {
    if (task_->claim_late()) late.push_back(task_);
    return never;
  }
  return alarm_set_for_ = deadline_;
}

}  // namespace headway::drive
