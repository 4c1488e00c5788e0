// SPDX-License-Identifier: BSL-1.0
#include "src/drive/asio_task.hpp"

#include "src/drive/asio_registration.hpp"

#include <headway/detail/socket.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace headway::drive {

using detail::CalledFrom;
using detail::Cancellation;
using detail::Signal;
using detail::SocketWant;
using detail::Want;

namespace {

// The state, which is 0 while it runs, and what goes with it.
constexpr unsigned armed = 1, waiting = 2, woken = 3, state_mask = 3;
constexpr unsigned late = 4, cancelled = 8, ended = 32;
constexpr unsigned cancelled_unnoticed = 16;  // only if the server knows nothing of it when it next waits
constexpr unsigned cancellations = cancelled | cancelled_unnoticed;

}  // namespace

// --- its life
// -----------------------------------------------------------------------------------------------------------

void AsioTask::start(std::shared_ptr<AsyncOperation> self) {
  self_ = std::move(self);
  const std::optional<asio::any_io_executor> work = std::exchange(work_, std::nullopt);
  if (!driver_->enlist(*this)) {
    drop();
    self_.reset();
    return;
  }
  if (is_cancelled(state_.load(std::memory_order_acquire))) {  // nothing of it has happened
    return finish(CalledFrom::start, asio::error::make_error_code(asio::error::operation_aborted));
  }
  try {
    op_ = perform();
  } catch (const std::bad_alloc&) {
    return finish(CalledFrom::start, make_error_code(std::errc::not_enough_memory));
  }
  op_.start(*this);
  run(CalledFrom::start);
}

/// The operation has just run until it was done or armed.
void AsioTask::run(CalledFrom from) {
  while (!op_.done()) {
    const std::shared_ptr<AsyncOperation> self = want_->yields ? self_ : nullptr;
    if (publish()) {  // from here on it is another's, and may be gone
      if (!self || !claim() || gave_turn()) return;
    }
    if (!rouse(from)) return;
  }
  finish(from, outcome());
}

/// Goes on when the executor comes to it again. False where there is no memory for that: it has no turn to
/// give. Preconditions: it is claimed.
bool AsioTask::gave_turn() noexcept {
  try {
    driver_->post_wake(*this);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

/// Whoever wakes it up now resumes it. False where somebody has done so already.
bool AsioTask::publish() noexcept {
  unsigned state = state_.load(std::memory_order_acquire);
  do {
    if ((state & state_mask) != armed || is_cancelled(state)) return false;
  } while (
      !state_.compare_exchange_weak(state, waiting, std::memory_order_acq_rel, std::memory_order_acquire));
  return true;
}

bool AsioTask::is_cancelled(unsigned state) const noexcept {
  return (state & cancelled) != 0 || ((state & cancelled_unnoticed) != 0 && may_cancel(Cancellation::total));
}

void AsioTask::wake() {
  if (rouse(CalledFrom::executor)) run(CalledFrom::executor);
}

/// Ends the wait and resumes the operation; false where it was cancelled, and is finished.
bool AsioTask::rouse(CalledFrom from) {
  disarm();
  const unsigned was = state_.fetch_and(cancelled, std::memory_order_acq_rel);
  if (is_cancelled(was)) {
    finish(from, asio::error::make_error_code(asio::error::operation_aborted));
    return false;
  }
  const auto is_set = [](const Signal* signal) { return signal != nullptr && signal->is_set(); };
  const auto is_ready = [](const SocketWant& socket) { return socket.readable || socket.writable; };
  want_->timed_out = (was & late) != 0 && std::ranges::none_of(want_->signals, is_set) &&
                     std::ranges::none_of(want_->sockets, is_ready);
  suspended_.resume();
  return true;
}

/// An exception that is no error code is told as one: there is nobody to catch it.
std::error_code AsioTask::outcome() noexcept {
  try {
    return op_.take();
  } catch (const std::system_error& error) {
    return error.code();
  } catch (const std::bad_alloc&) {
    return make_error_code(std::errc::not_enough_memory);
  } catch (...) {
    return Error::hook_threw;
  }
}

void AsioTask::finish(CalledFrom from, std::error_code ec) {
  const std::shared_ptr<AsyncOperation> self = std::move(self_);
  state_.fetch_or(ended, std::memory_order_acq_rel);
  op_ = {};
  // After the handler has been called: where it starts another operation the executor's work does not end in
  // between.
  struct Dismissal {
    AsioTask& task;
    ~Dismissal() { task.driver_->dismiss(task); }  // NOLINT(bugprone-exception-escape): see there
  } const dismissal{*this};
  conclude(from, ec);
}

void AsioTask::abandon() noexcept {
  if ((state_.fetch_or(ended) & ended) != 0) return;
  const std::shared_ptr<AsyncOperation> self = std::move(self_);
  if (want_ != nullptr) disarm();
  op_ = {};
  drop();
}

// --- waiting
// ------------------------------------------------------------------------------------------------------------

bool AsioTask::wait(Want& want, std::coroutine_handle<> operation) {
  want.timed_out = false;
  want.received = Want::not_received;
  want_ = &want;
  suspended_ = operation;
  if (was_noticed()) noticed_.store(true, std::memory_order_relaxed);
  state_.fetch_or(armed, std::memory_order_acq_rel);
  try {
    arm(want);
  } catch (...) {
    disarm();
    state_.fetch_and(cancellations, std::memory_order_acq_rel);
    throw;
  }
  return false;
}

std::optional<bool> AsioTask::begin_receive(detail::Socket& socket, detail::ReceiveRoom& room) noexcept {
  AsioRegistration* const registration = AsioRegistration::find(socket, *driver_);
  if (!receives() || registration == nullptr) return std::nullopt;
  try {
    return registration->begin(room);
  } catch (...) {  // memory was out, and nothing has begun
    return std::nullopt;
  }
}

void AsioTask::arm(Want& want) {
  const bool one_socket = want.sockets.size() == 1 && want.sockets[0].socket->is_open();
  if (!one_socket && want.deadline != never) {
    has_alarm_ = true;
    driver_->set_alarm(*this, want.deadline);
  }
  for (SocketWant& wanted : want.sockets) {
    if (!wanted.socket->is_open()) continue;
    AsioRegistration::of(*wanted.socket, driver_)
        .arm(*this, wanted, one_socket ? want.deadline : never,
             one_socket && receives() ? want.into : std::span<char>());
  }
  for (Signal* signal : want.signals) {
    if (signal != nullptr && !signal->observe(*this)) claim();
  }
}

void AsioTask::disarm() noexcept {
  for (Signal* signal : want_->signals) {
    if (signal != nullptr) signal->ignore();
  }
  for (SocketWant& wanted : want_->sockets) {
    if (AsioRegistration* const registration = AsioRegistration::find(*wanted.socket, *driver_)) {
      want_->received = registration->disarm(wanted);
    } else {
      wanted.readable = wanted.writable = false;
    }
  }
  if (std::exchange(has_alarm_, false)) driver_->clear_alarm(*this);
}

// --- what wakes it up
// ---------------------------------------------------------------------------------------------------

bool AsioTask::claim(unsigned evidence) noexcept {
  unsigned state = state_.load(std::memory_order_acquire);
  for (;;) {
    const unsigned base = state & state_mask;
    if (base != armed && base != waiting) return false;
    const unsigned next = woken | evidence | (state & cancellations);
    if (state_.compare_exchange_weak(state, next, std::memory_order_acq_rel, std::memory_order_acquire))
      return base == waiting;
  }
}

bool AsioTask::claim_late() noexcept { return claim(late); }

void AsioTask::on_signal() noexcept {
  if (claim()) driver_->post_wake(*this);
}

TimePoint AsioTask::ring(TimePoint, std::vector<AsioTask*>& late_tasks) {
  if (claim_late()) late_tasks.push_back(this);
  return never;
}

void AsioTask::cancel(Cancellation how) noexcept {
  const unsigned wish = how == Cancellation::total ? cancelled_unnoticed : cancelled;
  unsigned state = state_.load(std::memory_order_acquire);
  for (;;) {
    if ((state & ended) != 0 || !may_cancel(how)) return;
    const bool mine = (state & state_mask) == waiting;
    const unsigned next = (mine ? woken : state) | wish;
    if (!state_.compare_exchange_weak(state, next, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    if (mine) driver_->post_wake(*this);
    return;
  }
}

}  // namespace headway::drive
