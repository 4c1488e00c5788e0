// SPDX-License-Identifier: BSL-1.0

// The monitor on a clock that the test moves. Each test waits for what the monitor's thread does, by its
// effect.

#include "src/testing/descriptor.hpp"
#include "tests/manage/desk.hpp"
#include "tests/support/eventually.hpp"

#include <headway/idle_connection_monitor.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

namespace headway {
namespace {

using testing::eventually;

/// A kept connection that does not expire, with a real socket beneath, so that it can be polled.
class WatchedConnection {
 public:
  explicit WatchedConnection(Desk& desk) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
      testing::throw_errno("socketpair");
    server_ = detail::Socket(pair[1]);
    Asking asking(desk);
    desk.connector->dial(desk.connector->dials() - 1).succeed(detail::Socket(pair[0]));
    EXPECT_TRUE(asking.is_served());
    EXPECT_EQ(asking.lease().give_back(unlimited), CloseReason::none);
  }
  void send_byte() { EXPECT_EQ(::send(server_.descriptor(), "x", 1, 0), 1); }
  void close() { server_.close(); }

 private:
  detail::Socket server_;
};

/// A monitor counts its intervals from when its thread gets to it, so one interval may not be enough.
template <class Predicate>
bool passes_intervals_until(Desk& desk, Predicate holds) {
  return eventually([&] {
    desk.clock.advance(5s);
    return holds();
  });
}

bool closes_all(Desk& desk) {
  return eventually([&] { return desk.pool->stats().available == 0 && desk.at_rest(); });
}

TEST(IdleConnectionMonitor, closes_what_expires_when_it_expires) {  // pool rules 23 and 42
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 1h});
  Lease sooner = desk.lease(), later = desk.lease();
  sooner.give_back(5s);
  later.give_back(10s);
  desk.clock.advance(5s);
  EXPECT_TRUE(eventually([&] { return desk.peer(0).closed(); }));
  EXPECT_EQ(desk.pool->stats().available, 1U);
  desk.clock.advance(5s);
  EXPECT_TRUE(closes_all(desk));
}

TEST(IdleConnectionMonitor, wakes_for_a_connection_that_expires_before_the_others) {
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 1h});
  Lease later = desk.lease(), sooner = desk.lease();
  later.give_back(60s);
  sooner.give_back(5s);
  desk.clock.advance(5s);
  EXPECT_TRUE(eventually([&] { return desk.peer(1).closed(); }));
  EXPECT_FALSE(desk.peer(0).closed());
}

TEST(IdleConnectionMonitor, closes_what_the_server_has_closed) {  // pool rule 23; scenario 19
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s});
  WatchedConnection watched(desk);
  desk.peer(0).set_look(core::Transport::Idle::ended);
  watched.close();
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return desk.peer(0).closed(); }));
}

TEST(IdleConnectionMonitor, closes_what_the_server_has_written_to) {  // pool rule 24
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s});
  WatchedConnection watched(desk);
  desk.peer(0).set_look(core::Transport::Idle::surplus);
  watched.send_byte();
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return desk.peer(0).closed(); }));
}

TEST(IdleConnectionMonitor, keeps_a_connection_that_is_good_on_a_closer_look) {  // pool rule 27
  std::atomic<int> looks = 0;
  Desk desk({.stale_check = [&](Connection&) {
    ++looks;
    return false;
  }});
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s});
  WatchedConnection watched(desk);
  watched.send_byte();  // of the transport's own: it looks quiet all the same
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return looks > 0 && desk.pool->stats().available == 1; }));
  EXPECT_FALSE(desk.peer(0).closed());
}

TEST(IdleConnectionMonitor, closes_what_was_idle_for_too_long) {
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s, .max_idle = 12s});
  desk.lease().give_back(unlimited);
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return desk.peer(0).closed(); }));
}

TEST(IdleConnectionMonitor, makes_no_connection_younger_by_a_closer_look) {  // pool rule 27
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s, .max_idle = 12s});
  WatchedConnection watched(desk);
  watched.send_byte();  // every look from now on is a close one
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return desk.peer(0).closed(); }));
}

TEST(IdleConnectionMonitor, survives_a_check_that_throws) {
  Desk desk({.stale_check = [](Connection&) -> bool { throw std::logic_error("mine"); }});
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s});
  WatchedConnection watched(desk);
  watched.send_byte();
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return desk.peer(0).closed(); }));
  desk.lease().give_back(2s);
  desk.clock.advance(2s);
  EXPECT_TRUE(closes_all(desk));
}

TEST(IdleConnectionMonitor, wakes_after_a_long_sleep_over_an_empty_pool) {  // pool rule 42
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 5s});
  for (int i = 0; i < 3; ++i) {
    desk.clock.advance(1000h);
    desk.lease().give_back(2s);
    desk.clock.advance(2s);
    EXPECT_TRUE(closes_all(desk));
  }
}

TEST(IdleConnectionMonitor, looks_at_its_own_interval_beside_others) {
  Desk desk;
  const IdleConnectionMonitor rare(desk.pool, {.interval = 24h * 3650});
  const IdleConnectionMonitor frequent(desk.pool, {.interval = 5s});
  WatchedConnection watched(desk);
  desk.peer(0).set_look(core::Transport::Idle::ended);
  watched.close();
  EXPECT_TRUE(passes_intervals_until(desk, [&] { return desk.peer(0).closed(); }));
}

TEST(IdleConnectionMonitor, leaves_the_others_at_work_when_it_is_destroyed) {
  Desk desk;
  const IdleConnectionMonitor stays(desk.pool, {.interval = 1h});
  { const IdleConnectionMonitor goes(desk.pool, {.interval = 1h}); }
  desk.lease().give_back(5s);
  desk.clock.advance(5s);
  EXPECT_TRUE(closes_all(desk));
}

TEST(IdleConnectionMonitor, may_outlive_everybody_elses_interest_in_its_manager) {
  Desk desk;
  const IdleConnectionMonitor monitor(desk.pool, {.interval = 1h});
  desk.lease().give_back(60s);
  desk.pool.reset();
}

TEST(IdleConnectionMonitor, refuses_an_interval_that_is_none) {
  Desk desk;
  EXPECT_THROW(IdleConnectionMonitor(desk.pool, {.interval = 0s}), std::system_error);
}

}  // namespace
}  // namespace headway
