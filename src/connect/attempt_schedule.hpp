// SPDX-License-Identifier: BSL-1.0
#pragma once

// When which of several addresses is tried (RFC 8305 section 5): the first at once, each further one when the
// one before has had its time, or at once where one has failed. Accounting alone; the time is passed in.

#include <headway/time.hpp>

#include <cstddef>

namespace headway::connect {

class AttemptSchedule {
 public:
  /// `delay`: how long an attempt has the field to itself.
  AttemptSchedule(std::size_t addresses, Duration delay) noexcept : addresses_(addresses), delay_(delay) {}

  bool is_due(TimePoint now) const noexcept { return next_ < addresses_ && next_start_ <= now; }
  /// When the next one is due; `never` where there is none left.
  TimePoint next_start() const noexcept { return next_ < addresses_ ? next_start_ : never; }
  /// Begins the next attempt; returns its address's index. Preconditions: is_due(now).
  std::size_t begin(TimePoint now) noexcept {
    ++running_;
    next_start_ = after(now, delay_);
    return next_++;
  }
  /// One of those that were begun has failed.
  void fail(TimePoint now) noexcept {
    --running_;
    next_start_ = now;
  }
  /// All have failed.
  bool is_over() const noexcept { return next_ == addresses_ && running_ == 0; }

 private:
  std::size_t addresses_;
  Duration delay_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  TimePoint next_start_ = TimePoint::min();
};

}  // namespace headway::connect
