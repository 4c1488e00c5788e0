// SPDX-License-Identifier: BSL-1.0
#include "src/exec/stream_state.hpp"

#include <asio/error.hpp>

#include <array>
#include <vector>

namespace headway::detail {

namespace {

const std::error_code end_of_file = asio::error::make_error_code(asio::error::eof);

}  // namespace

Op<std::error_code> StreamState::read_some(std::span<char> into, std::size_t& n) {
  n = 0;
  if (into.empty()) co_return std::error_code();
  if (call.is_open()) failure_ = co_await call.read_some(into, n);
  if (failure_) co_return failure_;
  co_return n > 0 ? std::error_code() : end_of_file;
}

Op<std::error_code> StreamState::drain() {
  std::vector<char> dropped(64 * 1024);
  std::error_code ec;
  while (!ec) {
    std::size_t n = 0;
    ec = co_await read_some(dropped, n);
  }
  co_return ec == end_of_file ? std::error_code() : ec;
}

bool StreamState::begins(const std::shared_ptr<AsyncOperation>& operation) {
  std::lock_guard lock(mutex_);
  if (busy_) return false;
  busy_ = true;
  operation_ = operation;
  return true;
}

void StreamState::ended() noexcept {
  std::unique_lock lock(mutex_);
  busy_ = false;
  operation_.reset();
  const bool closes = std::exchange(close_after_, false);
  lock.unlock();
  if (closes) call.close();
}

bool StreamState::is_busy() const {
  std::lock_guard lock(mutex_);
  return busy_;
}

void StreamState::leave() noexcept {
  std::unique_lock lock(mutex_);
  const std::shared_ptr<AsyncOperation> operation = operation_.lock();
  lock.unlock();
  if (operation) operation->cancel(Cancellation::terminal);
}

void StreamState::close() noexcept {
  std::unique_lock lock(mutex_);
  close_after_ = busy_;
  const std::shared_ptr<AsyncOperation> operation = operation_.lock();
  lock.unlock();
  if (operation) {
    operation->cancel(Cancellation::terminal);
  } else {
    call.close();
  }
}

}  // namespace headway::detail
