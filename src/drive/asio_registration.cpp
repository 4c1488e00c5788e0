// SPDX-License-Identifier: BSL-1.0
#include "src/drive/asio_registration.hpp"

#include "src/drive/asio_task.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace headway::drive {

using detail::Socket;
using detail::SocketWant;
using detail::Want;

AsioRegistration& AsioRegistration::of(Socket& socket, const std::shared_ptr<AsioDriver>& driver) {
  if (AsioRegistration* const known = find(socket, *driver)) return *known;
  socket.attach(nullptr);  // a descriptor can be in one reactor's hands only
  auto made = std::make_shared<AsioRegistration>(driver, socket.descriptor());
  AsioRegistration& registration = *made;
  socket.attach(std::move(made));
  return registration;
}

AsioRegistration::AsioRegistration(std::shared_ptr<AsioDriver> driver, int descriptor)
    : driver_(std::move(driver)) {
  // The protocol's numbers are of no consequence: the socket is there already.
  socket_.emplace(driver_->executor(), asio::generic::stream_protocol(AF_INET, 0), descriptor);
  // Asio wants it non-blocking and asks once; a blocking waiter, which may be the next to use it, wants to
  // wait by receiving. Nothing here reads or writes without saying MSG_DONTWAIT.
  std::error_code ignored;
  socket_->native_non_blocking(true, ignored);
  int off = 0;
  ::ioctl(descriptor, FIONBIO, &off);
  driver_->enlist(*this);
}

struct AsioRegistration::OnReady {
  std::shared_ptr<AsioRegistration> registration;
  Direction direction;
  unsigned wait;
  void operator()(std::error_code) const { registration->ready(direction, wait, Want::not_received); }
  void operator()(std::error_code ec, std::size_t n) const {
    registration->ready(direction, wait, received(ec, n));
  }

 private:
  static std::ptrdiff_t received(std::error_code ec, std::size_t n) noexcept {
    if (!ec) return static_cast<std::ptrdiff_t>(n);
    if (ec == asio::error::eof) return 0;
    // Anything but the system's own word on the socket: the operation finds out by itself.
    return ec.category() == asio::error::get_system_category() && ec != asio::error::operation_aborted
               ? -ec.value()
               : Want::not_received;
  }
};

std::optional<bool> AsioRegistration::begin(detail::ReceiveRoom& room) {
  std::lock_guard lock(mutex_);
  if (begun_ || came_true_[reading]) return found_nothing_ && !came_true_[reading];
  if (!tries_ || !socket_) return std::nullopt;
  found_nothing_ = receive(room.room());
  begun_ = true;
  return found_nothing_;
}

void AsioRegistration::arm(AsioTask& task, const SocketWant& wanted, TimePoint deadline,
                           std::span<char> into) {
  bool earlier = false;
  {
    std::lock_guard lock(mutex_);
    if (came_true_[reading]) {  // of a receive begun before
      task.claim();
      return;
    }
    task_ = &task;
    deadline_ = deadline;
    earlier = deadline < alarm_set_for_;
    if (earlier) alarm_set_for_ = deadline;
    if (wanted.readable && !begun_) watch(reading, into);
    if (wanted.writable) watch(writing, {});
  }
  if (earlier) driver_->set_alarm(*this, deadline);
}

/// Preconditions: mutex_ is held.
void AsioRegistration::watch(Direction direction, std::span<char> into) {
#ifdef ASIO_HAS_IO_URING_AS_DEFAULT
  into = {};  // to cancel is a wish there: the kernel may go on writing
#endif
  using Wait = asio::socket_base;
  if (!socket_) return;  // the context has ended
  if (!into.empty()) {
    const bool nothing = receive(into);
    tries_ = tells_of_attempts && has_emptied_ && nothing;
    return;
  }
  socket_->async_wait(direction == reading ? Wait::wait_read : Wait::wait_write,
                      OnReady{shared_from_this(), direction, wait_});
  watched_[direction] = true;
}

/// Whether it has tried to, and found nothing: Asio does not tell, but the system does. Preconditions: mutex_
/// is held, there is a socket.
bool AsioRegistration::receive(std::span<char> into) {
  OnReady on_ready{shared_from_this(), reading, wait_};
  errno = 0;
  socket_->async_receive(asio::buffer(into.data(), into.size()), MSG_DONTWAIT, std::move(on_ready));
  watched_[reading] = true;
  asked_ = into.size();
  return errno == EAGAIN;
}

/// On the executor. An error counts as ready: the operation finds out what it is.
void AsioRegistration::ready(Direction direction, unsigned wait, std::ptrdiff_t received) {
  AsioTask* claimed = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (wait != wait_) return;
    watched_[direction] = false;
    came_true_[direction] = true;
    if (direction == reading) {
      received_ = received;
      has_emptied_ = received > 0 && static_cast<std::size_t>(received) < asked_;
      begun_ = false;
    }
    if (task_ != nullptr && task_->claim()) {
      claimed = task_;
      // Where a receive goes on that was begun before, `disarm` ends it: under the lock, since what it
      // brings may come at any time.
      if (!begun_) end_wait();
    }
  }
  if (claimed != nullptr) claimed->wake();
}

/// A receive that was begun before the wait goes on. Preconditions: mutex_ is held.
void AsioRegistration::end_wait() noexcept {
  task_ = nullptr;
  deadline_ = never;
  if (begun_) return;
  ++wait_;
  // A wait that goes on would keep the context's run() from returning.
  std::error_code ignored;
  if ((watched_[reading] || watched_[writing]) && socket_) socket_->cancel(ignored);
  watched_ = {};
}

std::ptrdiff_t AsioRegistration::disarm(SocketWant& wanted) noexcept {
  // `ready` has ended the wait where it was what claimed the task, and nobody has touched it since: the task
  // is asking.
  std::unique_lock lock(mutex_, std::defer_lock);
  if (task_ != nullptr) {
    lock.lock();
    if (!came_true_[writing]) begun_ = false;
    end_wait();
  }
  wanted.readable = came_true_[reading];
  wanted.writable = came_true_[writing];
  came_true_ = {};
  return std::exchange(received_, Want::not_received);
}

void AsioRegistration::detach() noexcept {
  release();
  driver_->dismiss(*this);
}

void AsioRegistration::release() noexcept {
  std::lock_guard lock(mutex_);
  if (!socket_) return;
  std::error_code ignored;
  socket_->release(ignored);
  socket_.reset();
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
