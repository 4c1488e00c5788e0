// SPDX-License-Identifier: BSL-1.0
#pragma once

// Where a client's asynchronous operations run: on the executor that it was given, or on a thread of its own
// that starts with the first of them. Shared by the client and its streams.

#include "src/drive/asio_driver.hpp"
#include "src/exec/own_thread.hpp"

#include <memory>
#include <mutex>

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

  /// Whatever is posted there is run. Preconditions: a given executor's context lives. Throws
  /// std::system_error where no thread can be started.
  const asio::any_io_executor& executor();

  /// For the next operation. Throws as above.
  drive::AsioDriver::Place place();

  /// Cancels all operations, and waits until a thread of its own has ended, after their handlers have
  /// returned. What is started meanwhile is cancelled too, and a later operation starts the thread anew.
  /// Called by one of these handlers it cannot wait, and the thread goes on until the host is destroyed.
  void close() noexcept;

 private:
  OwnThread& own();

  Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<OwnThread> own_;
  std::shared_ptr<drive::AsioDriver> driver_;
  const bool given_ = false;
};

}  // namespace headway::exec
