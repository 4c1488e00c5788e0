// SPDX-License-Identifier: BSL-1.0
#pragma once

// Threads for calls that may block for long: as many as there are such calls, up to a limit, and none where
// there is nothing to do. A call that hangs holds up only its own thread. Thread-safe.

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>

namespace headway::connect {

class LookupThreads {
 public:
  explicit LookupThreads(std::size_t most);
  LookupThreads(const LookupThreads&) = delete;
  LookupThreads& operator=(const LookupThreads&) = delete;
  /// Drops the jobs that have not begun. A thread that hangs is left to end by itself.
  ~LookupThreads();

  /// Runs `job`, which must not throw, as soon as a thread is free. False where the system has none at all.
  bool run(std::function<void()> job);
  /// How many there are now.
  std::size_t count() const;

 private:
  struct State;
  bool start_thread();

  std::shared_ptr<State> state_;
};

}  // namespace headway::connect
