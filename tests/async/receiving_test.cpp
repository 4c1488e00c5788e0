// SPDX-License-Identifier: BSL-1.0

// Waits that receive: what the executor's reactor reads for an operation, and what it leaves alone.

#include "src/drive/asio_registration.hpp"
#include "src/drive/asio_task.hpp"
#include "tests/support/socket_pair.hpp"

#include <headway/testing/manual_clock.hpp>

#include <asio/error.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace headway::drive {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::SocketPair;

enum class By { receiving, readiness };

/// What came of one wait.
struct Waited {
  bool readable;
  std::ptrdiff_t received;
  bool timed_out;
};

/// Waits for a socket a number of times.
class Reader final : public AsioTask {
 public:
  Reader(std::shared_ptr<AsioDriver> driver, detail::Socket& socket, By by, std::size_t waits,
         std::span<char> into)
      : AsioTask({std::move(driver)}), socket_(socket), by_(by), waits_(waits), into_(into) {}

  TimePoint deadline = never;
  using Begin = std::function<std::optional<bool>()>;
  std::function<void(const Begin&)> before_waiting = [](const Begin&) {};
  bool until_received = false;  ///< no wait after the one that brings something
  bool writes_first = false;    ///< its first wait is for either direction
  std::vector<Waited> waited;
  int ends = 0;
  std::error_code error;
  std::function<void()> at_end = [] {};

 private:
  detail::Op<std::error_code> perform() override {
    detail::Waiter& waiter = co_await detail::this_waiter;
    before_waiting([&] { return waiter.begin_receive(socket_, into_); });
    while (waited.size() < waits_ && (!until_received || !has_received())) {
      detail::SocketWant socket{&socket_, true, writes_first && waited.empty()};
      detail::Want want;
      want.sockets = {&socket, 1};
      want.into = into_;
      want.deadline = deadline;
      co_await want;
      waited.push_back({socket.readable, want.received, want.timed_out});
    }
    co_return std::error_code();
  }
  bool has_received() const { return !waited.empty() && waited.back().received > 0; }
  bool receives() const noexcept override { return by_ == By::receiving; }
  void conclude(detail::CalledFrom, std::error_code ec) override {
    ++ends;
    error = ec;
    at_end();
  }
  void drop() noexcept override {}
  bool may_cancel(detail::Cancellation) const noexcept override { return true; }

  detail::Socket& socket_;
  By by_;
  std::size_t waits_;
  std::span<char> into_;
};

class Receiving : public ::testing::Test {
 protected:
  std::shared_ptr<Reader> start(By by, std::size_t waits = 1) {
    auto reader = std::make_shared<Reader>(driver, pair.ours, by, waits, std::span(buffer));
    reader->start(reader);
    settle();
    return reader;
  }
  void settle() {
    io.restart();
    io.poll();
  }
  void send(std::string_view bytes) {
    for (const char byte : bytes) pair.send_from_theirs(byte);
    settle();
  }
  std::string left_in_socket() {
    std::string bytes(16, '\0');
    const ssize_t n = ::recv(pair.ours.descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }

  testing::ManualClock clock;
  asio::io_context io;
  std::shared_ptr<AsioDriver> driver = std::make_shared<AsioDriver>(io.get_executor(), clock);
  SocketPair pair;
  std::array<char, 4> buffer{};
};

TEST_F(Receiving, gives_the_bytes_that_come) {
  const auto reader = start(By::receiving);
  EXPECT_TRUE(reader->waited.empty());
  send("ab");
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_TRUE(reader->waited[0].readable);
  EXPECT_EQ(reader->waited[0].received, 2);
  EXPECT_EQ(std::string(buffer.data(), 2), "ab");
}

TEST_F(Receiving, gives_bytes_that_were_there_before_it_began) {
  send("ab");
  const auto reader = start(By::receiving);
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_EQ(reader->waited[0].received, 2);
  EXPECT_EQ(std::string(buffer.data(), 2), "ab");
}

TEST_F(Receiving, goes_on_where_the_buffer_was_too_small) {
  send("abcdef");
  const auto reader = start(By::receiving, 2);
  ASSERT_EQ(reader->waited.size(), 2U);
  EXPECT_EQ(reader->waited[0].received, 4);
  EXPECT_EQ(reader->waited[1].received, 2);
  EXPECT_EQ(std::string(buffer.data(), 2), "ef");
}

TEST_F(Receiving, tells_of_the_end) {
  const auto reader = start(By::receiving);
  pair.theirs.close();
  settle();
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_EQ(reader->waited[0].received, 0);
}

TEST_F(Receiving, leaves_the_bytes_of_those_who_only_want_to_know) {
  const auto reader = start(By::readiness);
  send("a");
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_TRUE(reader->waited[0].readable);
  EXPECT_EQ(reader->waited[0].received, detail::Want::not_received);
  EXPECT_EQ(left_in_socket(), "a");
}

TEST_F(Receiving, and_readiness_take_turns_on_one_socket) {
  for (int round = 0; round < 3; ++round) {
    const auto receiver = start(By::receiving);
    send("a");
    EXPECT_EQ(receiver->waited.size(), 1U);
    const auto watcher = start(By::readiness);
    EXPECT_TRUE(watcher->waited.empty());
    send("b");
    EXPECT_EQ(watcher->waited.size(), 1U);
    EXPECT_EQ(left_in_socket(), "b");
  }
}

TEST_F(Receiving, ends_at_its_deadline_and_takes_nothing_afterwards) {
  auto reader = std::make_shared<Reader>(driver, pair.ours, By::receiving, 1, std::span(buffer));
  reader->deadline = clock.now() + 1s;
  reader->start(reader);
  settle();
  clock.advance(1s);
  settle();
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_TRUE(reader->waited[0].timed_out);
  EXPECT_EQ(reader->waited[0].received, detail::Want::not_received);
  send("a");
  EXPECT_EQ(left_in_socket(), "a");
  EXPECT_EQ(buffer[0], '\0');
}

TEST_F(Receiving, takes_nothing_after_it_was_cancelled) {
  const auto reader = start(By::receiving);
  reader->cancel(detail::Cancellation::terminal);
  settle();
  EXPECT_EQ(reader->ends, 1);
  EXPECT_EQ(reader->error, asio::error::operation_aborted);
  send("a");
  EXPECT_EQ(left_in_socket(), "a");
  EXPECT_EQ(buffer[0], '\0');
}

TEST_F(Receiving, tells_of_a_reset_by_its_errno) {
  // Bytes that the other side has not read when it closes are what a Unix socket resets for.
  ASSERT_EQ(::send(pair.ours.descriptor(), "x", 1, MSG_NOSIGNAL), 1);
  const auto reader = start(By::receiving);
  pair.theirs.close();
  settle();
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_EQ(reader->waited[0].received, -ECONNRESET);
}

// A receive that is begun before there is anything to wait for.
class BegunReceive : public Receiving {
 protected:
  /// Two waits, the second of which shows that Asio tries to receive first.
  void SetUp() override {
    if (!AsioRegistration::tells_of_attempts) GTEST_SKIP() << "this Asio's mutexes are of futexes";
    for (int i = 0; i < 2; ++i) {
      const auto reader = start(By::receiving);
      send("w");
    }
    buffer = {};
  }
  std::shared_ptr<Reader> make(By by, std::size_t waits = 1) {
    return std::make_shared<Reader>(driver, pair.ours, by, waits, std::span(buffer));
  }
  /// A reader that begins, then does `next`, then waits.
  std::shared_ptr<Reader> begin(std::function<void()> next = [] {}) {
    const auto reader = make(By::receiving);
    reader->before_waiting = [this, next = std::move(next)](const Reader::Begin& begin_now) {
      found_nothing = begin_now();
      next();
    };
    return reader;
  }

  std::optional<bool> found_nothing;
};

TEST_F(Receiving, is_not_begun_before_asio_was_seen_to_try_on_an_emptied_socket) {
  if (!AsioRegistration::tells_of_attempts) GTEST_SKIP() << "this Asio's mutexes are of futexes";
  std::vector<std::optional<bool>> begun;
  const auto receive_one = [&](bool early, bool begins = true) {
    auto reader = std::make_shared<Reader>(driver, pair.ours, By::receiving, 1, std::span(buffer));
    reader->before_waiting = [&](const Reader::Begin& begin_now) {
      if (begins) begun.push_back(begin_now());
      if (early) pair.send_from_theirs('a');
    };
    reader->start(reader);
    if (!early) send("a");
    settle();
    EXPECT_EQ(reader->waited.size(), 1U);
  };
  receive_one(false);  // of a socket that nothing had come from
  receive_one(true);   // it tries, and finds something
  receive_one(false);
  receive_one(false);
  receive_one(true, false);
  receive_one(false);
  EXPECT_THAT(begun, ElementsAre(std::nullopt, std::nullopt, std::nullopt, true, std::nullopt));
}

TEST_F(BegunReceive, finds_nothing_and_is_what_the_wait_goes_on_with) {
  const auto reader = begin();
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  settle();
  EXPECT_TRUE(reader->waited.empty());
  send("ab");
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_TRUE(reader->waited[0].readable);
  EXPECT_EQ(reader->waited[0].received, 2);
  EXPECT_EQ(std::string(buffer.data(), 2), "ab");
}

TEST_F(BegunReceive, finds_bytes) {
  pair.send_from_theirs('x');
  const auto reader = begin();
  reader->start(reader);
  EXPECT_EQ(found_nothing, false);
  settle();
}

TEST_F(BegunReceive, finds_the_end) {
  pair.theirs.close();
  const auto reader = begin();
  reader->start(reader);
  EXPECT_EQ(found_nothing, false);
  settle();
}

TEST_F(BegunReceive, keeps_what_comes_before_the_wait) {
  const auto reader = begin([this] { send("ab"); });
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_EQ(reader->waited[0].received, 2);
  EXPECT_EQ(std::string(buffer.data(), 2), "ab");
}

TEST_F(BegunReceive, can_be_asked_again) {
  std::optional<bool> still, no_more;
  const auto reader = make(By::receiving);
  reader->before_waiting = [&](const Reader::Begin& begin_now) {
    found_nothing = begin_now();
    still = begin_now();
    send("a");
    no_more = begin_now();
  };
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  EXPECT_EQ(still, true);
  EXPECT_EQ(no_more, false);
}

TEST_F(BegunReceive, that_found_something_finds_it_again) {
  pair.send_from_theirs('x');
  std::optional<bool> again;
  const auto reader = make(By::receiving);
  reader->before_waiting = [&](const Reader::Begin& begin_now) {
    found_nothing = begin_now();
    again = begin_now();
  };
  reader->start(reader);
  EXPECT_EQ(found_nothing, false);
  EXPECT_EQ(again, false);
  settle();
}

TEST_F(BegunReceive, is_not_begun_behind_a_receive_that_may_have_left_something) {
  const auto whole = make(By::receiving);
  whole->start(whole);
  for (int i = 0; i < 4; ++i) pair.send_from_theirs('a');  // the buffer's size
  settle();
  ASSERT_EQ(whole->waited.size(), 1U);
  EXPECT_EQ(whole->waited[0].received, 4);
  const auto next = start(By::receiving);
  send("b");
  EXPECT_EQ(next->waited.size(), 1U);
  const auto reader = begin();
  reader->start(reader);
  EXPECT_EQ(found_nothing, std::nullopt);
  settle();
}

TEST_F(BegunReceive, outlasts_a_wait_that_room_to_write_ends) {
  const auto reader = make(By::receiving, 2);
  reader->writes_first = true;
  reader->before_waiting = [this](const Reader::Begin& begin_now) { found_nothing = begin_now(); };
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  pair.send_from_theirs('a');  // the reactor finds both at a time
  settle();
  ASSERT_EQ(reader->waited.size(), 2U);
  EXPECT_FALSE(reader->waited[0].readable);
  EXPECT_EQ(reader->waited[0].received, detail::Want::not_received);
  EXPECT_EQ(reader->waited[1].received, 1);
  EXPECT_EQ(buffer[0], 'a');
}

TEST_F(BegunReceive, loses_nothing_where_threads_share_the_executor) {
  auto work = asio::make_work_guard(io);
  io.restart();
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([this] { io.run(); });
  for (int round = 0; round < 500; ++round) {
    std::promise<void> ended;
    const auto reader = make(By::receiving, 2);
    reader->writes_first = reader->until_received = true;
    reader->before_waiting = [this](const Reader::Begin& begin_now) {
      found_nothing = begin_now();
      pair.send_from_theirs('a');
    };
    reader->at_end = [&] { ended.set_value(); };
    asio::post(io, [reader] { reader->start(reader); });
    ended.get_future().wait();
    std::ptrdiff_t received = 0;
    for (const Waited& each : reader->waited) received += std::max<std::ptrdiff_t>(each.received, 0);
    EXPECT_EQ(received, 1);
  }
  work.reset();
  for (std::thread& thread : threads) thread.join();
}

TEST_F(BegunReceive, is_followed_by_others) {
  const auto reader = begin();
  reader->start(reader);
  send("a");
  ASSERT_EQ(reader->waited.size(), 1U);
  const auto watcher = start(By::readiness);
  EXPECT_TRUE(watcher->waited.empty());
  send("b");
  EXPECT_EQ(watcher->waited.size(), 1U);
  EXPECT_EQ(left_in_socket(), "b");
  const auto again = begin();
  again->start(again);
  EXPECT_EQ(found_nothing, true);
  send("c");
  ASSERT_EQ(again->waited.size(), 1U);
  EXPECT_EQ(buffer[0], 'c');
}

TEST_F(BegunReceive, takes_nothing_after_the_deadline) {
  const auto reader = begin();
  reader->deadline = clock.now() + 1s;
  reader->start(reader);
  settle();
  clock.advance(1s);
  settle();
  ASSERT_EQ(reader->waited.size(), 1U);
  EXPECT_TRUE(reader->waited[0].timed_out);
  send("a");
  EXPECT_EQ(left_in_socket(), "a");
  EXPECT_EQ(buffer[0], '\0');
}

TEST_F(BegunReceive, takes_nothing_after_it_was_cancelled) {
  const auto reader = begin();
  reader->start(reader);
  reader->cancel(detail::Cancellation::terminal);
  settle();
  EXPECT_EQ(reader->error, asio::error::operation_aborted);
  send("a");
  EXPECT_EQ(left_in_socket(), "a");
  EXPECT_EQ(buffer[0], '\0');
}

TEST_F(BegunReceive, ends_with_the_socket) {
  const auto reader = begin([this] {
    pair.send_from_theirs('a');
    pair.ours.close();
  });
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  settle();
  EXPECT_TRUE(reader->waited.empty());
  EXPECT_EQ(buffer[0], '\0');
}

TEST_F(BegunReceive, is_nothing_for_those_who_only_want_to_know) {
  const auto reader = make(By::readiness);
  reader->before_waiting = [this](const Reader::Begin& begin_now) {
    pair.send_from_theirs('a');
    found_nothing = begin_now();
  };
  reader->start(reader);
  settle();
  EXPECT_EQ(found_nothing, std::nullopt);
  EXPECT_EQ(left_in_socket(), "a");
}

}  // namespace
}  // namespace headway::drive
