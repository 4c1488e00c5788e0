// SPDX-License-Identifier: BSL-1.0
#include "src/exec/own_thread.hpp"

#include "src/drive/quiet_thread.hpp"

#include <utility>

namespace headway::exec {

asio::any_io_executor OwnThread::need() {
  std::lock_guard lock(mutex_);
  asio::any_io_executor work = asio::prefer(executor_, asio::execution::outstanding_work.tracked);
  if (running_) {
    needed_ = true;  // its run may have come to its end just now
    return work;
  }
  if (thread_.joinable()) thread_.join();  // the program has stopped its context
  context_.restart();
  work_.emplace(context_.get_executor());
  thread_ = drive::start_quiet_thread([self = shared_from_this()] { self->run(); });
  running_ = true;
  return work;
}

void OwnThread::run() {
  do context_.run();
  while (goes_on());
}

bool OwnThread::goes_on() {
  std::lock_guard lock(mutex_);
  running_ = std::exchange(needed_, false);
  if (running_) context_.restart();
  return running_;
}

void OwnThread::end() {
  std::unique_lock lock(mutex_);
  work_.reset();
  std::thread thread = std::move(thread_);
  lock.unlock();
  if (thread.joinable()) thread.join();
}

void OwnThread::leave() {
  std::lock_guard lock(mutex_);
  work_.reset();
  if (thread_.joinable()) thread_.detach();
}

}  // namespace headway::exec
