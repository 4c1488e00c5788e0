// SPDX-License-Identifier: BSL-1.0
#include "src/drive/background_runner.hpp"

#include "tests/support/socket_pair.hpp"

#include <headway/testing/gate.hpp>
#include <headway/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace headway::drive {
namespace {

using detail::Op;
using detail::Signal;
using detail::Want;
using testing::Gate;
using namespace std::chrono_literals;

/// What a job tells the test.
struct Report {
  Gate started, finished;
  std::atomic<bool> timed_out = false;
  std::atomic<bool> destroyed = false;
};

struct Farewell {
  Report& report;
  ~Farewell() { report.destroyed = true; }
};

Op<void> wait_for(Report& report, Signal* signal, detail::Socket* socket, TimePoint deadline) {
  const Farewell farewell{report};
  Want want;
  detail::SocketWant wanted{socket, true, false};
  if (socket != nullptr) want.sockets = {&wanted, 1};
  want.signals[0] = signal;
  want.deadline = deadline;
  report.started.open();
  co_await want;
  report.timed_out = want.timed_out;
  report.finished.open();
}

Op<void> throw_at_once() {
  throw std::logic_error("mine");
  co_return;
}

TEST(BackgroundRunner, goes_on_when_a_signal_is_set) {
  testing::ManualClock clock;
  Signal signal;
  Report report;
  BackgroundRunner runner(clock);
  EXPECT_NE(runner.spawn(wait_for(report, &signal, nullptr, never)), 0U);
  ASSERT_TRUE(report.started.wait());
  signal.set();
  EXPECT_TRUE(report.finished.wait());
  EXPECT_FALSE(report.timed_out);
}

TEST(BackgroundRunner, goes_on_when_the_clock_is_moved_to_the_deadline) {
  testing::ManualClock clock;
  Report sooner, later;
  BackgroundRunner runner(clock);
  runner.spawn(wait_for(later, nullptr, nullptr, clock.now() + 3h));
  runner.spawn(wait_for(sooner, nullptr, nullptr, clock.now() + 2h));
  clock.advance(2h);
  ASSERT_TRUE(sooner.finished.wait());
  EXPECT_TRUE(sooner.timed_out);
  EXPECT_FALSE(later.destroyed);
  clock.advance(1h);
  EXPECT_TRUE(later.finished.wait());
}

TEST(BackgroundRunner, goes_on_when_a_socket_is_readable) {
  testing::ManualClock clock;
  testing::SocketPair pair;
  Report report;
  BackgroundRunner runner(clock);
  runner.spawn(wait_for(report, nullptr, &pair.ours, never));
  ASSERT_TRUE(report.started.wait());
  pair.send_from_theirs('x');
  EXPECT_TRUE(report.finished.wait());
  EXPECT_FALSE(report.timed_out);
}

TEST(BackgroundRunner, has_destroyed_a_job_when_cancel_returns) {
  testing::ManualClock clock;
  Signal signal;
  for (int i = 0; i < 20; ++i) {  // whether the thread has got to it or not
    Report report, other;
    BackgroundRunner runner(clock);
    const auto job = runner.spawn(wait_for(report, &signal, nullptr, never));
    runner.spawn(wait_for(other, nullptr, nullptr, never));
    if (i % 2 == 0) {
      ASSERT_TRUE(report.started.wait());
    }
    runner.cancel(job);
    EXPECT_TRUE(report.destroyed || i % 2 != 0);
    EXPECT_FALSE(other.destroyed);
    runner.stop();
  }
  signal.set();  // nobody listens any more
}

TEST(BackgroundRunner, takes_no_offence_at_the_cancellation_of_a_job_that_has_ended) {
  testing::ManualClock clock;
  Signal signal;
  signal.set();
  Report report;
  BackgroundRunner runner(clock);
  const auto job = runner.spawn(wait_for(report, &signal, nullptr, never));
  ASSERT_TRUE(report.finished.wait());
  runner.cancel(job);
  EXPECT_TRUE(report.destroyed);
  runner.cancel(job);
}

TEST(BackgroundRunner, destroys_everything_when_it_stops_and_takes_nothing_afterwards) {
  testing::ManualClock clock;
  Report waiting, late;
  BackgroundRunner runner(clock);
  runner.spawn(wait_for(waiting, nullptr, nullptr, never));
  ASSERT_TRUE(waiting.started.wait());
  runner.stop();
  EXPECT_TRUE(waiting.destroyed);
  EXPECT_EQ(runner.spawn(wait_for(late, nullptr, nullptr, never)), 0U);
  runner.stop();
}

TEST(BackgroundRunner, survives_a_job_that_throws) {
  testing::ManualClock clock;
  Signal signal;
  signal.set();
  Report report;
  BackgroundRunner runner(clock);
  runner.spawn(throw_at_once());
  runner.spawn(wait_for(report, &signal, nullptr, never));
  EXPECT_TRUE(report.finished.wait());
}

}  // namespace
}  // namespace headway::drive
