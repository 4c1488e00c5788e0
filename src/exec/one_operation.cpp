// SPDX-License-Identifier: BSL-1.0
#include "src/exec/one_operation.hpp"

#include <utility>

namespace headway::exec {

using detail::AsyncOperation;
using detail::Cancellation;

bool OneOperation::begins(const std::shared_ptr<AsyncOperation>& operation) {
  std::lock_guard lock(mutex_);
  if (busy_) return false;
  busy_ = true;
  operation_ = operation;
  return true;
}

bool OneOperation::ended() noexcept {
  std::lock_guard lock(mutex_);
  busy_ = false;
  operation_.reset();
  return std::exchange(close_after_, false);
}

bool OneOperation::is_busy() const {
  std::lock_guard lock(mutex_);
  return busy_;
}

void OneOperation::cancel() noexcept {
  std::unique_lock lock(mutex_);
  const std::shared_ptr<AsyncOperation> operation = operation_.lock();
  lock.unlock();
  if (operation) operation->cancel(Cancellation::terminal);
}

bool OneOperation::cancel_to_close() noexcept {
  std::unique_lock lock(mutex_);
  close_after_ = busy_;
  const std::shared_ptr<AsyncOperation> operation = operation_.lock();
  lock.unlock();
  if (operation) operation->cancel(Cancellation::terminal);
  return operation != nullptr;
}

}  // namespace headway::exec
