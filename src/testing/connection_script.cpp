// SPDX-License-Identifier: BSL-1.0
#include "src/testing/connection_script.hpp"

#include "src/testing/descriptor.hpp"

#include <headway/error.hpp>

#include <sys/timerfd.h>

#include <algorithm>
#include <utility>

namespace headway::testing {

using core::IoResult;

namespace {

class ScriptCategory final : public std::error_category {
  const char* name() const noexcept override { return "headway.testing"; }
  std::string message(int) const override { return "neither the script nor the clock goes on"; }
};

std::error_code script_ran_out() {
  static const ScriptCategory category;
  return {1, category};
}

/// 0: not at all.
void ring_after(int bell, std::chrono::nanoseconds delay) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(delay);
  itimerspec when{};
  when.it_value = {.tv_sec = seconds.count(), .tv_nsec = (delay - seconds).count()};
  if (bell >= 0) ::timerfd_settime(bell, 0, &when, nullptr);
}

IoResult failed(std::error_code error) { return {.kind = IoResult::Kind::failed, .error = error}; }

}  // namespace

// --- the test's side

void ConnectionScript::set_answer(Answer answer, std::error_code error) {
  {
    std::lock_guard lock(mutex_);
    answer_ = answer;
    refusal_ = error;
  }
  news_.set();
}

void ConnectionScript::add(Read read) {
  std::lock_guard lock(mutex_);
  reads_.push_back(std::move(read));
  ring();
}

void ConnectionScript::add(Write write) {
  std::lock_guard lock(mutex_);
  writes_.push_back(write);
  ring();
}

void ConnectionScript::reset() {
  std::lock_guard lock(mutex_);
  reset_ = true;
  ring();
}

void ConnectionScript::wake() {
  news_.set();
  std::lock_guard lock(mutex_);
  ring();
}

HttpRoute ConnectionScript::route() const {
  std::lock_guard lock(mutex_);
  return route_;
}

std::string ConnectionScript::written() const {
  std::lock_guard lock(mutex_);
  return written_;
}

bool ConnectionScript::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

bool ConnectionScript::wait_for_written(std::string_view text) {
  return wait_until([&] { return written_.ends_with(text); });
}

bool ConnectionScript::wait_until_stalled() {
  return wait_until([this] { return stalled_; });
}

bool ConnectionScript::wait_until_closed() {
  return wait_until([this] { return closed_; });
}

bool ConnectionScript::wait_until(const std::function<bool()>& predicate) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, predicate);
}

// --- the client's side

void ConnectionScript::set_route(HttpRoute route) {
  std::lock_guard lock(mutex_);
  route_ = std::move(route);
}

ConnectionScript::Answer ConnectionScript::answer() const {
  std::lock_guard lock(mutex_);
  return answer_;
}

std::error_code ConnectionScript::refusal() const {
  std::lock_guard lock(mutex_);
  return refusal_;
}

detail::Socket ConnectionScript::open() {
  detail::Socket bell(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!bell.is_open()) throw_errno("timerfd");
  std::lock_guard lock(mutex_);
  bell_ = bell.descriptor();
  return bell;
}

/// The next read, where its time has come.
const ConnectionScript::Read* ConnectionScript::due() const {
  if (reads_.empty() || !unanswered_.ends_with(reads_.front().after)) return nullptr;
  return &reads_.front();
}

bool ConnectionScript::blocks_reads() const {
  const Read* const next = due();
  return !reset_ && (next == nullptr || next->kind == Read::Kind::stall);
}

IoResult ConnectionScript::read(std::span<char> into, ManualClock& clock) {
  std::unique_lock lock(mutex_);
  if (blocks_reads()) return block(lock, clock);
  if (reset_) return failed(Error::connection_reset);
  go_on();
  Read& next = reads_.front();
  if (next.kind == Read::Kind::end) return {.kind = IoResult::Kind::end};
  if (next.kind == Read::Kind::failure) return failed(next.error);
  if (!next.after.empty()) unanswered_.clear();
  next.after.clear();
  const std::size_t n = next.bytes.copy(into.data(), into.size());
  next.bytes.erase(0, n);
  if (next.bytes.empty()) reads_.pop_front();
  return {.kind = IoResult::Kind::done, .bytes = n};
}

/// Nothing to read: time passes where the script says so, and the client may wait.
IoResult ConnectionScript::block(std::unique_lock<std::mutex>& lock, ManualClock& clock) {
  if (std::exchange(has_taken_part_, false)) {
    ring_after(bell_, std::chrono::nanoseconds(1));
    return {.kind = IoResult::Kind::want_readable};
  }
  Duration by{};
  if (due() != nullptr) by = std::exchange(reads_.front().by, Duration());
  if (write_waits_) by = std::max(by, std::exchange(writes_.front().by, Duration()));
  if (by > Duration::zero()) {
    lock.unlock();
    clock.advance(by);
    lock.lock();
  }
  if (blocks_reads()) {
    const auto now = std::chrono::steady_clock::now();
    if (now - waits_since_.value_or(now) >= longest_wait_) return failed(script_ran_out());
    waits_since_ = waits_since_.value_or(now);
    ring_after(bell_, longest_wait_);
    stalled_ = true;
    changed_.notify_all();
  }
  return {.kind = IoResult::Kind::want_readable};
}

IoResult ConnectionScript::write(std::string_view first, std::string_view second) {
  std::lock_guard lock(mutex_);
  if (reset_) return failed(Error::connection_reset);
  std::size_t most = first.size() + second.size();
  if (!writes_.empty()) {
    const Write next = writes_.front();
    if (next.kind == Write::Kind::failure) return failed(next.error);
    if (next.kind == Write::Kind::stall) {
      // The client reckons its deadline from now on, and comes to read when the bell rings: time passes then.
      if (!std::exchange(write_waits_, true)) ring();
      return {.kind = IoResult::Kind::want_readable};
    }
    most = std::min(most, next.most);
    writes_.pop_front();
  }
  const std::string taken = std::string(first).append(second).substr(0, most);
  written_ += taken;
  unanswered_ += taken;
  go_on();
  // The client waits for room, which there is, and looks for an answer meanwhile; that is no wait for one.
  has_taken_part_ = most < first.size() + second.size();
  if (has_taken_part_) ring_after(bell_, std::chrono::nanoseconds(1));
  changed_.notify_all();
  return {.kind = IoResult::Kind::done, .bytes = most};
}

core::Transport::Idle ConnectionScript::look() {
  using Idle = core::Transport::Idle;
  std::lock_guard lock(mutex_);
  if (reset_) return Idle::ended;
  if (blocks_reads()) {
    ring_after(bell_, {});
    return Idle::quiet;
  }
  return reads_.front().kind == Read::Kind::bytes ? Idle::surplus : Idle::ended;
}

void ConnectionScript::close() {
  std::lock_guard lock(mutex_);
  bell_ = -1;
  closed_ = true;
  changed_.notify_all();
}

void ConnectionScript::ring() {
  go_on();
  ring_after(bell_, std::chrono::nanoseconds(1));
}

void ConnectionScript::go_on() {
  stalled_ = false;
  waits_since_.reset();
}

}  // namespace headway::testing
