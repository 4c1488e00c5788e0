// SPDX-License-Identifier: BSL-1.0
#pragma once

// An execution context with one thread that runs it while it is needed: a client's, where the program gives
// none.

#include <asio/any_io_executor.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace headway::exec {

/// Thread-safe. Its thread keeps it alive.
class OwnThread : public std::enable_shared_from_this<OwnThread> {
 public:
  OwnThread() = default;
  OwnThread(const OwnThread&) = delete;
  OwnThread& operator=(const OwnThread&) = delete;

  const asio::any_io_executor& executor() const noexcept { return executor_; }

  /// Starts the thread where there is none. It runs at least until the work that is returned has been given
  /// up and everything that was started meanwhile is done. Throws std::system_error where the system has no
  /// thread left.
  asio::any_io_executor need();
  /// Waits until all work is done and the thread has ended. Preconditions: another thread calls.
  void end();
  /// The same, without waiting.
  void leave();
  bool is_this_thread() const noexcept { return context_.get_executor().running_in_this_thread(); }

 private:
  void run();
  bool goes_on();

  // Nobody but its user has to be told which thread runs it.
  mutable asio::io_context context_;
  const asio::any_io_executor executor_{context_.get_executor()};
  std::mutex mutex_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::thread thread_;
  bool running_ = false;  // the thread has not decided to end
  bool needed_ = false;   // since it last looked
};

}  // namespace headway::exec
