// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/socket_pair.hpp"

#include <headway/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <sys/time.h>

#include <atomic>
#include <csignal>
#include <string>
#include <thread>

namespace headway::drive {
namespace {

using detail::Signal;
using detail::SocketWant;
using detail::Want;
using testing::SocketPair;
using namespace std::chrono_literals;

/// Stands, but nobody moves it.
class StandingClock final : public Clock {
 public:
  TimePoint now() const noexcept override { return TimePoint(1h); }
};

class BlockingWaiterTest : public ::testing::Test {
 protected:
  void wait() { EXPECT_TRUE(waiter.wait(want, nullptr)); }
  void want_readable() {
    wanted = {&pair.ours, true, false};
    want.sockets = {&wanted, 1};
  }
  void want_bytes() {
    want_readable();
    want.into = buffer;
  }

  StandingClock clock;
  SocketPair pair;
  Signal signal;
  SocketWant wanted;
  Want want;
  std::string buffer = std::string(16, '\0');
  BlockingWaiter waiter{clock};
};

TEST_F(BlockingWaiterTest, goes_on_at_once_where_the_signal_is_set) {
  want.signals[1] = &signal;
  signal.set();
  wait();
  EXPECT_FALSE(want.timed_out);
}

TEST_F(BlockingWaiterTest, goes_on_when_another_thread_sets_the_signal) {
  want.signals[0] = &signal;
  const std::jthread setter([&] { signal.set(); });
  wait();
  EXPECT_FALSE(want.timed_out);
}

TEST_F(BlockingWaiterTest, goes_on_when_the_signal_beside_a_socket_is_set) {
  want_readable();
  want.signals[0] = &signal;
  for (int i = 0; i < 3; ++i) {
    signal.reset();
    wanted.readable = true;
    const std::jthread setter([&] { signal.set(); });
    wait();
    EXPECT_FALSE(want.timed_out);
    EXPECT_FALSE(wanted.readable);
  }
}

TEST_F(BlockingWaiterTest, is_not_woken_by_a_signal_of_an_earlier_wait) {
  Signal never_set, earlier;
  want_readable();
  want.signals[0] = &earlier;
  earlier.set();
  wait();  // with socket and signal: from here on there is a bell
  Signal later;
  want = {};
  want.signals[0] = &later;
  {
    const std::jthread setter([&] { later.set(); });
    wait();
  }
  want = {};
  want_readable();
  want.signals[0] = &never_set;
  want.deadline = clock.now();
  wait();
  EXPECT_TRUE(want.timed_out);
  EXPECT_FALSE(wanted.readable);
}

TEST_F(BlockingWaiterTest, says_which_direction_came_true) {
  wanted = {&pair.ours, true, true};
  want.sockets = {&wanted, 1};
  wait();
  EXPECT_FALSE(wanted.readable);
  EXPECT_TRUE(wanted.writable);
}

TEST_F(BlockingWaiterTest, receives_where_a_buffer_is_offered) {
  want_bytes();
  pair.send_from_theirs('x');
  wait();
  EXPECT_EQ(want.received, 1);
  EXPECT_EQ(buffer[0], 'x');
  pair.theirs.close();
  wait();
  EXPECT_EQ(want.received, 0);
}

TEST_F(BlockingWaiterTest, reports_a_reset_as_a_negative_errno) {
  ASSERT_EQ(::send(pair.ours.descriptor(), "x", 1, 0), 1);
  pair.theirs.close();  // with a byte unread
  want_bytes();
  wait();
  EXPECT_EQ(want.received, -ECONNRESET);
}

TEST_F(BlockingWaiterTest, does_not_wait_for_a_deadline_in_the_past) {
  want.deadline = clock.now() - 1s;
  want.signals[0] = &signal;
  wait();
  EXPECT_TRUE(want.timed_out);
  want_readable();
  wait();  // signal and socket
  EXPECT_TRUE(want.timed_out);
  want.signals = {};
  want_bytes();
  wait();
  EXPECT_TRUE(want.timed_out);
  EXPECT_EQ(want.received, Want::not_received);
  EXPECT_FALSE(wanted.readable);
}

TEST_F(BlockingWaiterTest, takes_what_is_there_though_the_deadline_has_passed) {
  want.deadline = clock.now() - 1s;
  want_bytes();
  pair.send_from_theirs('x');
  wait();
  EXPECT_FALSE(want.timed_out);
  EXPECT_TRUE(wanted.readable);
}

TEST_F(BlockingWaiterTest, rounds_the_sockets_timeout_so_that_it_is_seldom_set) {
  want_bytes();
  struct Case {
    Duration remaining;
    std::int64_t set;
  };
  for (const Case& each : {Case{1000ms, 512}, Case{600ms, 512}, Case{512ms, 512}, Case{511ms, 256},
                           Case{1000ms, 256}, Case{1024ms, 1024}, Case{1ms, 1}}) {
    pair.send_from_theirs('x');
    want.deadline = clock.now() + each.remaining;
    wait();
    EXPECT_EQ(pair.ours.receive_timeout(), each.set) << each.remaining.count();
    timeval value{};
    socklen_t size = sizeof value;
    ASSERT_EQ(::getsockopt(pair.ours.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &value, &size), 0);
    EXPECT_NEAR(static_cast<double>(value.tv_sec * 1000 + value.tv_usec / 1000),
                static_cast<double>(each.set),
                10.0);  // the kernel counts in ticks
  }
}

TEST_F(BlockingWaiterTest, waits_until_the_deadline_and_no_shorter) {
  BlockingWaiter real(system_clock());
  for (const bool receives : {true, false}) {
    want_readable();
    want.into = receives ? std::span<char>(buffer) : std::span<char>();
    want.deadline = system_clock().now() + 11ms;
    EXPECT_TRUE(real.wait(want, nullptr));
    EXPECT_TRUE(want.timed_out);
    EXPECT_GE(system_clock().now(), want.deadline);
  }
}

TEST_F(BlockingWaiterTest, is_told_when_the_time_is_moved_by_hand) {
  testing::ManualClock moved;
  BlockingWaiter waiting(moved);
  const auto expect_late = [&](auto prepare) {
    want = {};
    prepare();
    want.deadline = moved.now() + 1h;
    std::atomic<bool> done = false;
    std::jthread other([&] {
      EXPECT_TRUE(waiting.wait(want, nullptr));
      done = true;
    });
    moved.advance(59min);  // whether it waits already or not
    EXPECT_TRUE(testing::eventually([&] {
      moved.advance(1min);
      return done.load();
    }));
    other.join();
    EXPECT_TRUE(want.timed_out);
  };
  expect_late([&] { want.signals[0] = &signal; });
  expect_late([&] { want_readable(); });
  expect_late([&] { want_bytes(); });
  expect_late([&] {
    want_readable();
    want.signals[0] = &signal;
  });
}

std::atomic<int> interruptions = 0;

TEST_F(BlockingWaiterTest, is_not_disturbed_by_the_programs_signals) {
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) { ++interruptions; };  // without SA_RESTART
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  for (const bool receives : {true, false}) {
    want_readable();
    want.into = receives ? std::span<char>(buffer) : std::span<char>();
    interruptions = 0;
    std::jthread waiting([&] { waiter.wait(want, nullptr); });
    EXPECT_TRUE(testing::eventually([&] {
      ::pthread_kill(waiting.native_handle(), SIGUSR1);
      return interruptions > 100;
    }));
    pair.send_from_theirs('x');
    waiting.join();
    EXPECT_FALSE(want.timed_out);
    EXPECT_TRUE(want.received == 1 || wanted.readable);
    ::recv(pair.ours.descriptor(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  }
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST(PollTimeout, is_rounded_up_and_never_negative_but_for_never) {
  const TimePoint now = system_clock().now();
  EXPECT_EQ(poll_timeout(now, never), -1);
  EXPECT_EQ(poll_timeout(now, now), 0);
  EXPECT_EQ(poll_timeout(now, now - 1h), 0);
  EXPECT_EQ(poll_timeout(now, now + 1ns), 1);
  EXPECT_EQ(poll_timeout(now, now + 24h * 365 * 100), 24 * 3600 * 1000);
}

}  // namespace
}  // namespace headway::drive
