// SPDX-License-Identifier: BSL-1.0
#include "src/drive/background_runner.hpp"

#include "src/drive/blocking_waiter.hpp"

#include <headway/detail/socket.hpp>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace headway::drive {

using detail::Signal;
using detail::SocketWant;
using detail::Want;

class BackgroundRunner::Job final : public detail::Waiter {
 public:
  Job(JobId id, detail::Op<void> op, const Clock& clock) : id_(id), clock_(clock), op_(std::move(op)) {}

  bool ready = false;  ///< its want is fulfilled

  JobId id() const noexcept { return id_; }
  bool done() const noexcept { return op_.done(); }
  void start() { op_.start(*this); }
  Want& want() noexcept { return *want_; }
  void resume() { suspended_.resume(); }

  TimePoint now() const noexcept override { return clock_.now(); }
  bool wait(Want& want, std::coroutine_handle<> operation) override {
    if (want.yields) return true;
    want_ = &want;
    suspended_ = operation;
    return false;
  }

  bool signalled() const noexcept {
    return std::any_of(want_->signals.begin(), want_->signals.end(),
                       [](const Signal* signal) { return signal != nullptr && signal->is_set(); });
  }

 private:
  JobId id_;
  const Clock& clock_;
  Want* want_ = nullptr;
  std::coroutine_handle<> suspended_;
  detail::Op<void> op_;
};

BackgroundRunner::BackgroundRunner(Clock& clock) : clock_(clock) {}

BackgroundRunner::~BackgroundRunner() { stop(); }

auto BackgroundRunner::spawn(detail::Op<void> op) -> JobId {
  std::lock_guard lock(mutex_);
  if (stopped_ || (!thread_.joinable() && !start_thread())) return 0;
  const JobId id = ++last_id_;
  incoming_.push_back(std::make_unique<Job>(id, std::move(op), clock_));
  alive_.push_back(id);
  ring();
  return id;
}

/// False where the system has no descriptor or no thread left. Preconditions: mutex_ is held.
bool BackgroundRunner::start_thread() {
  if (bell_ < 0) bell_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (bell_ < 0) return false;
  // The program's signals are for its own threads.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // Told by the return value.
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (thread_.joinable()) clock_.subscribe(this, [this] { ring(); });
  return thread_.joinable();
}

void BackgroundRunner::cancel(JobId id) {
  std::unique_lock lock(mutex_);
  cancelled_.push_back(id);
  ring();
  settled_.wait(lock, [&] { return std::find(alive_.begin(), alive_.end(), id) == alive_.end(); });
}

void BackgroundRunner::stop() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
    ring();
  }
  if (thread_.joinable()) {
    clock_.unsubscribe(this);
    thread_.join();
  }
  if (bell_ >= 0) ::close(std::exchange(bell_, -1));
}

void BackgroundRunner::on_signal() noexcept { ring(); }

void BackgroundRunner::ring() noexcept {
  const std::uint64_t one = 1;
  if (bell_ >= 0) [[maybe_unused]]
    const ssize_t n = ::write(bell_, &one, sizeof one);
}

void BackgroundRunner::run() {
  while (take_new_jobs()) {
    drop_cancelled();
    wait();
    resume_ready();
  }
  jobs_.clear();
  std::lock_guard lock(mutex_);
  incoming_.clear();
  alive_.clear();
  settled_.notify_all();
}

/// False once the runner is stopped.
bool BackgroundRunner::take_new_jobs() {
  std::vector<std::unique_ptr<Job>> incoming;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return false;
    incoming.swap(incoming_);
  }
  for (std::unique_ptr<Job>& job : incoming) {
    job->start();
    jobs_.push_back(std::move(job));
  }
  return true;
}

void BackgroundRunner::drop_cancelled() {
  std::vector<JobId> gone;
  {
    std::lock_guard lock(mutex_);
    gone.swap(cancelled_);
  }
  std::erase_if(jobs_, [&](const std::unique_ptr<Job>& job) {
    const bool ends = job->done() || std::find(gone.begin(), gone.end(), job->id()) != gone.end();
    if (ends) gone.push_back(job->id());
    return ends;
  });
  if (gone.empty()) return;
  std::lock_guard lock(mutex_);
  std::erase_if(alive_, [&](JobId id) {
    const bool waits =
        std::any_of(incoming_.begin(), incoming_.end(), [&](const auto& job) { return job->id() == id; });
    return !waits && std::find(gone.begin(), gone.end(), id) != gone.end();
  });
  // A job cancelled before it was taken over is dropped in the next round.
  for (const auto& job : incoming_) {
    if (std::find(gone.begin(), gone.end(), job->id()) != gone.end()) cancelled_.push_back(job->id());
  }
  settled_.notify_all();
}

void BackgroundRunner::wait() {
  std::vector<pollfd> fds{{.fd = bell_, .events = POLLIN, .revents = 0}};
  TimePoint first = never;
  bool signalled = false;
  for (const auto& job : jobs_) {
    Want& want = job->want();
    first = std::min(first, want.deadline);
    for (Signal* signal : want.signals) signalled |= signal != nullptr && !signal->observe(*this);
    for (const SocketWant& wanted : want.sockets) {
      const int events = (wanted.readable ? POLLIN : 0) | (wanted.writable ? POLLOUT : 0);
      fds.push_back({.fd = wanted.socket->descriptor(), .events = static_cast<short>(events), .revents = 0});
    }
  }
  ::poll(fds.data(), fds.size(), signalled ? 0 : poll_timeout(clock_.now(), first));
  std::uint64_t rings = 0;
  [[maybe_unused]] const ssize_t n = ::read(bell_, &rings, sizeof rings);
  const TimePoint now = clock_.now();
  std::size_t index = 1;
  for (const auto& job : jobs_) {
    Want& want = job->want();
    want.received = Want::not_received;
    bool ready = job->signalled();
    for (Signal* signal : want.signals) {
      if (signal != nullptr) signal->ignore();
    }
    const std::span<const pollfd> polled(fds.data() + index, want.sockets.size());
    index += want.sockets.size();
    for (const pollfd& fd : polled) ready |= fd.revents != 0;
    want.timed_out = !ready && now >= want.deadline;
    job->ready = ready || want.timed_out;
    if (!job->ready) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      SocketWant& wanted = want.sockets[i];
      const short got = polled[i].revents;
      const bool broken = (got & (POLLERR | POLLHUP | POLLNVAL)) != 0;
      wanted.readable = wanted.readable && (broken || (got & POLLIN) != 0);
      wanted.writable = wanted.writable && (broken || (got & POLLOUT) != 0);
    }
  }
}

void BackgroundRunner::resume_ready() {
  for (const auto& job : jobs_) {
    if (!std::exchange(job->ready, false)) continue;
    job->resume();
  }
}

}  // namespace headway::drive
