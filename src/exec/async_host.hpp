// SPDX-License-Identifier: BSL-1.0
#pragma once

// Where a client's asynchronous operations run: on the executor that it was given, or on a thread of its own
// that starts with the first of them. Shared by the client and its streams.

#include "src/drive/asio_driver.hpp"

#include <memory>
#include <mutex>
#include <thread>

namespace headway::exec {

/// Thread-safe.
class AsyncHost {
 public:
  /// The clock must outlive the host.
  explicit AsyncHost(Clock& clock) noexcept : clock_(clock) {}
  AsyncHost(const asio::any_io_executor& executor, Clock& clock);
  AsyncHost(const AsyncHost&) = delete;
  AsyncHost& operator=(const AsyncHost&) = delete;
  /// Preconditions: there are no operations any more; a handler may still be running.
  ~AsyncHost();

  /// Makes the own one where there is none yet. Preconditions: a given executor's context lives.
  const asio::any_io_executor& executor();
  /// For the next operation: whatever it needs is running then.
  const std::shared_ptr<drive::AsioDriver>& driver();

  /// Cancels all operations, and waits until a thread of its own has ended, after their handlers have
  /// returned; a later operation starts it anew. Called by one of these it cannot wait, and the thread goes
  /// on until the host is destroyed.
  void close() noexcept;

 private:
  struct OwnThread;
  void make_own();
  void start_thread();
  bool is_on_own_thread() const noexcept;

  Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<OwnThread> own_;
  std::shared_ptr<drive::AsioDriver> driver_;
  std::thread::id ending_;     // the own thread, while `close` waits for it
  bool needed_again_ = false;  // by an operation that was started meanwhile
  const bool given_ = false;
};

}  // namespace headway::exec
