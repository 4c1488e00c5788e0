// SPDX-License-Identifier: BSL-1.0
#include "src/connect/lookup_threads.hpp"

#include "src/drive/quiet_thread.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <system_error>
#include <utility>

namespace headway::connect {
namespace {

/// How long a thread waits for more to do before it ends.
constexpr std::chrono::seconds patience(10);

}  // namespace

struct LookupThreads::State {
  explicit State(std::size_t limit) : most(limit) {}

  mutable std::mutex mutex;
  std::condition_variable wake_up;
  std::deque<std::function<void()>> jobs;
  const std::size_t most;
  std::size_t threads = 0;
  std::size_t unoccupied = 0;
  bool ended = false;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++unoccupied;
      wake_up.wait_for(lock, patience, [&] { return ended || !jobs.empty(); });
      --unoccupied;
      if (ended || jobs.empty()) break;
      std::function<void()> job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it holds may be the last of its kind
      lock.lock();
    }
    --threads;
  }
};

LookupThreads::LookupThreads(std::size_t most) : state_(std::make_shared<State>(most)) {}

LookupThreads::~LookupThreads() {
  std::deque<std::function<void()>> dropped;  // outside the lock
  std::lock_guard lock(state_->mutex);
  state_->ended = true;
  dropped.swap(state_->jobs);
  state_->wake_up.notify_all();
}

bool LookupThreads::run(std::function<void()> job) {
  std::lock_guard lock(state_->mutex);
  state_->jobs.push_back(std::move(job));
  const bool short_of_threads = state_->jobs.size() > state_->unoccupied && state_->threads < state_->most;
  if (short_of_threads && !start_thread() && state_->threads == 0) {
    state_->jobs.pop_back();
    return false;
  }
  state_->wake_up.notify_one();
  return true;
}

std::size_t LookupThreads::count() const {
  std::lock_guard lock(state_->mutex);
  return state_->threads;
}

/// False where the system has none left. Preconditions: the state's mutex is held.
bool LookupThreads::start_thread() {
  try {
    drive::start_quiet_thread([state = state_] { state->work(); }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++state_->threads;
  return true;
}

}  // namespace headway::connect
