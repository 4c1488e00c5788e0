// SPDX-License-Identifier: BSL-1.0
#include "src/exec/async_host.hpp"

#include "src/drive/quiet_thread.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <optional>
#include <utility>

namespace headway::exec {

struct AsyncHost::OwnThread {
  using Executor = asio::io_context::executor_type;
  asio::io_context context;
  const asio::any_io_executor executor{context.get_executor()};
  std::optional<asio::executor_work_guard<Executor>> work;
  std::thread thread;
};

AsyncHost::AsyncHost(const asio::any_io_executor& executor, Clock& clock)
    : clock_(clock), driver_(std::make_shared<drive::AsioDriver>(executor, clock)), given_(true) {}

/// Preconditions: mutex_ is held.
void AsyncHost::make_own() {
  if (own_) return;
  auto own = std::make_shared<OwnThread>();
  driver_ = std::make_shared<drive::AsioDriver>(own->executor, clock_);
  own_ = std::move(own);
}

const asio::any_io_executor& AsyncHost::executor() {
  if (given_) return driver_->executor();
  std::lock_guard lock(mutex_);
  make_own();
  return own_->executor;
}

/// Preconditions: mutex_ is held.
void AsyncHost::start_thread() {
  own_->context.restart();
  own_->work.emplace(own_->context.get_executor());
  own_->thread = drive::start_quiet_thread([own = own_] { own->context.run(); });
}

const std::shared_ptr<drive::AsioDriver>& AsyncHost::driver() {
  if (given_) return driver_;
  std::lock_guard lock(mutex_);
  make_own();
  if (ending_ == std::this_thread::get_id()) {
    // The handler that asks is waited for: what it starts is cancelled like all else, once it has returned.
    asio::post(own_->context, [driver = driver_] { driver->cancel_all(); });
  } else if (ending_ != std::thread::id()) {
    needed_again_ = true;
  } else if (!own_->thread.joinable()) {
    start_thread();
  }
  return driver_;
}

bool AsyncHost::is_on_own_thread() const noexcept {
  return own_ && own_->thread.get_id() == std::this_thread::get_id();
}

AsyncHost::~AsyncHost() {
  if (is_on_own_thread()) {
    own_->work.reset();
    own_->thread.detach();
  } else {
    close();
  }
}

void AsyncHost::close() noexcept {
  if (given_) return driver_->cancel_all();
  std::unique_lock lock(mutex_);
  if (!own_) return;
  driver_->cancel_all();
  if (!own_->thread.joinable() || is_on_own_thread()) return;
  own_->work.reset();
  std::thread thread = std::move(own_->thread);
  ending_ = thread.get_id();
  lock.unlock();
  thread.join();
  lock.lock();
  ending_ = {};
  if (std::exchange(needed_again_, false)) start_thread();
}

}  // namespace headway::exec
