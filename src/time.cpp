// SPDX-License-Identifier: BSL-1.0

#include <headway/time.hpp>

#include <time.h>

namespace headway {
namespace {

// CLOCK_MONOTONIC stops while the machine sleeps: a connection kept over a night would look fresh.
#ifdef CLOCK_BOOTTIME
constexpr clockid_t clock_id = CLOCK_BOOTTIME;
#else
constexpr clockid_t clock_id = CLOCK_MONOTONIC;
#endif

class SystemClock final : public Clock {
 public:
  TimePoint now() const noexcept override { return MonotonicClock::now(); }
};

}  // namespace

MonotonicClock::time_point MonotonicClock::now() noexcept {
  timespec time{};
  clock_gettime(clock_id, &time);
  return time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

void Clock::subscribe(const void*, std::function<void()>) {}

void Clock::unsubscribe(const void*) noexcept {}

Clock& system_clock() noexcept {
  // Never destroyed: threads that outlive main's statics may still ask for the time.
  static SystemClock& clock = *new SystemClock;
  return clock;
}

}  // namespace headway
