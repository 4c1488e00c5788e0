// SPDX-License-Identifier: BSL-1.0
#pragma once

// Time as headway counts it: durations in milliseconds, and one clock that never steps back and goes on
// counting while the machine is suspended, so that a connection kept over a suspend is seen to be old.

#include <chrono>
#include <functional>

namespace headway {

/// What every timeout and interval of the library is given in.
using Duration = std::chrono::milliseconds;

/// "No limit". Zero never means that: a timeout of 0 expires at once.
inline constexpr Duration unlimited = Duration::max();

/// The clock's tag type; `CLOCK_BOOTTIME` where the system has it, otherwise `CLOCK_MONOTONIC`.
struct MonotonicClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock, duration>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept;
};

using TimePoint = MonotonicClock::time_point;

/// A moment that never comes.
inline constexpr TimePoint never = TimePoint::max();

/// `start + length` without overflow; `unlimited` gives `never`. Preconditions: length >= 0.
constexpr TimePoint after(TimePoint start, Duration length) noexcept {
  return length > std::chrono::duration_cast<Duration>(never - start) ? never : start + length;
}

/// `end - length` without overflow: the beginning of time where it would begin before. Preconditions:
/// length >= 0 and `end` is no earlier than the clock's epoch.
constexpr TimePoint before(TimePoint end, Duration length) noexcept {
  return length > std::chrono::duration_cast<Duration>(end.time_since_epoch()) ? TimePoint::min()
                                                                               : end - length;
}

/// Where the library reads the time: the seam for tests. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const noexcept = 0;
  /// Whether its time passes as real time does. False where it is moved by hand, and whoever waits for a
  /// moment has to be told.
  virtual bool runs_by_itself() const noexcept { return true; }
  /// Calls `listener` whenever the time was moved by hand, until `unsubscribe` is called with the same `key`.
  /// A clock that only runs by itself never calls it.
  virtual void subscribe(const void* key, std::function<void()> listener);
  /// After it has returned the listener is not running and is never called again.
  virtual void unsubscribe(const void* key) noexcept;
};

/// The real clock. Lives for the whole program.
Clock& system_clock() noexcept;

}  // namespace headway
