// SPDX-License-Identifier: BSL-1.0
#include "src/exec/async_host.hpp"

#include <utility>

namespace headway::exec {

AsyncHost::AsyncHost(const asio::any_io_executor& executor, Clock& clock)
    : clock_(clock), driver_(std::make_shared<drive::AsioDriver>(executor, clock)), given_(true) {}

/// Made when first asked for. Preconditions: no executor was given.
OwnThread& AsyncHost::own() {
  std::lock_guard lock(mutex_);
  if (!own_) {
    auto made = std::make_shared<OwnThread>();
    driver_ = std::make_shared<drive::AsioDriver>(made->executor(), clock_);
    own_ = std::move(made);
  }
  return *own_;
}

const asio::any_io_executor& AsyncHost::executor() {
  if (given_) return driver_->executor();
  own().need();
  return own_->executor();
}

drive::AsioDriver::Place AsyncHost::place() {
  if (given_) return {driver_};
  asio::any_io_executor work = own().need();
  return {driver_, std::move(work)};
}

AsyncHost::~AsyncHost() {
  if (own_ && own_->is_this_thread()) {
    own_->leave();
  } else {
    close();
  }
}

void AsyncHost::close() noexcept {
  if (given_) return driver_->cancel_all();
  std::unique_lock lock(mutex_);
  if (!own_) return;
  lock.unlock();
  if (own_->is_this_thread()) return driver_->cancel_all();
  driver_->close();
  own_->end();
  driver_->reopen();
}

}  // namespace headway::exec
