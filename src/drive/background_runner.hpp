// SPDX-License-Identifier: BSL-1.0
#pragma once

// Runs any number of operations on one thread, by poll(2): what a manager has to do while nobody calls it.
// The thread is started with the first operation and sleeps while none can go on.

#include <headway/detail/op.hpp>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace headway::drive {

/// Thread-safe, but for its destruction.
class BackgroundRunner final : private detail::SignalObserver {
 public:
  using JobId = std::uint64_t;

  explicit BackgroundRunner(Clock& clock);
  BackgroundRunner(const BackgroundRunner&) = delete;
  BackgroundRunner& operator=(const BackgroundRunner&) = delete;
  ~BackgroundRunner();

  /// Runs `job` to its end; an exception that leaves it ends it, quietly. Returns 0, and destroys the job,
  /// once the runner is stopped, and where its thread cannot be started.
  JobId spawn(detail::Op<void> job);
  /// Destroys a job where it is suspended; afterwards it does not run any more. One that has ended already is
  /// no error. Not to be called by a job.
  void cancel(JobId id);
  /// Destroys all jobs and ends the thread. Not to be called by a job.
  void stop();

 private:
  class Job;

  bool start_thread();
  void run();
  void on_signal() noexcept override;
  void ring() noexcept;
  bool take_new_jobs();
  void drop_cancelled();
  void wait();
  void resume_ready();

  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable settled_;
  std::vector<std::unique_ptr<Job>> incoming_;
  std::vector<JobId> cancelled_;
  std::vector<JobId> alive_;  // every job that has neither ended nor been destroyed
  JobId last_id_ = 0;
  bool stopped_ = false;
  int bell_ = -1;
  std::thread thread_;

  std::vector<std::unique_ptr<Job>> jobs_;  // the thread's own
};

}  // namespace headway::drive
