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
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <future>
#include <iterator>
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
class Reader final : public AsioTask, private detail::ReceiveRoom {
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
    before_waiting([&] { return waiter.begin_receive(socket_, *this); });
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
  std::span<char> room() override { return into_; }
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
  std::shared_ptr<Reader> make(By by, std::size_t waits = 1) {
    return std::make_shared<Reader>(driver, pair.ours, by, waits, std::span(buffer));
  }
  std::shared_ptr<Reader> start(By by, std::size_t waits = 1) {
    auto reader = make(by, waits);
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
  std::string left_in_socket() const { return left_in(pair.ours.descriptor()); }
  static std::string left_in(int descriptor) {
    std::string bytes(16, '\0');
    const ssize_t n = ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }
  /// Its one wait has brought them.
  void expect_received(const Reader& reader, std::string_view bytes) const {
    ASSERT_EQ(reader.waited.size(), 1U);
    EXPECT_TRUE(reader.waited[0].readable);
    EXPECT_EQ(reader.waited[0].received, std::ssize(bytes));
    EXPECT_EQ(std::string_view(buffer.data(), bytes.size()), bytes);
  }
  /// Its one wait ends at the deadline.
  void expect_end_at_deadline(const std::shared_ptr<Reader>& reader) {
    reader->deadline = clock.now() + 1s;
    reader->start(reader);
    settle();
    clock.advance(1s);
    settle();
    ASSERT_EQ(reader->waited.size(), 1U);
    EXPECT_TRUE(reader->waited[0].timed_out);
    EXPECT_EQ(reader->waited[0].received, detail::Want::not_received);
  }
  /// Whoever only wants to know is told, and gets nothing.
  void expect_readiness_alone() {
    const auto watcher = start(By::readiness);
    EXPECT_TRUE(watcher->waited.empty());
    send("b");
    EXPECT_EQ(watcher->waited.size(), 1U);
    EXPECT_EQ(left_in_socket(), "b");
  }
  /// What comes now stays in the socket.
  void expect_nothing_taken() {
    send("a");
    EXPECT_EQ(left_in_socket(), "a");
    EXPECT_EQ(buffer[0], '\0');
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
  expect_received(*reader, "ab");
}

TEST_F(Receiving, gives_bytes_that_were_there_before_it_began) {
  send("ab");
  const auto reader = start(By::receiving);
  expect_received(*reader, "ab");
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
    expect_readiness_alone();
  }
}

TEST_F(Receiving, ends_at_its_deadline_and_takes_nothing_afterwards) {
  expect_end_at_deadline(make(By::receiving));
  expect_nothing_taken();
}

TEST_F(Receiving, takes_nothing_after_it_was_cancelled) {
  const auto reader = start(By::receiving);
  reader->cancel(detail::Cancellation::terminal);
  settle();
  EXPECT_EQ(reader->ends, 1);
  EXPECT_EQ(reader->error, asio::error::operation_aborted);
  expect_nothing_taken();
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

TEST_F(Receiving, is_not_begun_before_asio_was_seen_to_try_on_an_emptied_socket) {
  std::vector<std::optional<bool>> begun;
  const auto receive_one = [&](bool early, bool begins = true) {
    const auto reader = make(By::receiving);
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
  const auto once_seen = AsioRegistration::tells_of_attempts ? std::optional(true) : std::nullopt;
  EXPECT_THAT(begun, ElementsAre(std::nullopt, std::nullopt, std::nullopt, once_seen, std::nullopt));
}

#ifndef ASIO_HAS_FUTEX  // else errno does not tell, and none is begun

// A receive that is begun before there is anything to wait for.
class BegunReceive : public Receiving {
 protected:
  /// Two waits, the second of which shows that Asio tries to receive first.
  void SetUp() override {
    for (int i = 0; i < 2; ++i) {
      const auto reader = start(By::receiving);
      send("w");
    }
    buffer = {};
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

TEST_F(BegunReceive, finds_nothing_and_is_what_the_wait_goes_on_with) {
  const auto reader = begin();
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  settle();
  EXPECT_TRUE(reader->waited.empty());
  send("ab");
  expect_received(*reader, "ab");
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
  expect_received(*reader, "ab");
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
  const auto reader = make(By::receiving);
  reader->before_waiting = [](const Reader::Begin& begin_now) {
    for (int look = 0; look < 3; ++look) EXPECT_EQ(begin_now(), false);
  };
  reader->start(reader);
  settle();
}

TEST_F(BegunReceive, is_not_begun_behind_a_receive_that_may_have_left_something) {
  const auto whole = make(By::receiving);
  whole->start(whole);
  for (int i = 0; i < 4; ++i) pair.send_from_theirs('a');  // the buffer's size
  settle();
  expect_received(*whole, "aaaa");
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
  expect_readiness_alone();
  const auto again = begin();
  again->start(again);
  EXPECT_EQ(found_nothing, true);
  send("c");
  expect_received(*again, "c");
}

TEST_F(BegunReceive, takes_nothing_after_the_deadline) {
  expect_end_at_deadline(begin());
  expect_nothing_taken();
}

TEST_F(BegunReceive, takes_nothing_after_it_was_cancelled) {
  const auto reader = begin();
  reader->start(reader);
  reader->cancel(detail::Cancellation::terminal);
  settle();
  EXPECT_EQ(reader->error, asio::error::operation_aborted);
  expect_nothing_taken();
}

TEST_F(BegunReceive, takes_nothing_from_the_next_socket_of_that_number) {
  const detail::Socket copy(::dup(pair.ours.descriptor()));  // the connection lives on, and is told of
  const int number = pair.ours.descriptor();
  const auto reader = begin([this] { pair.ours.close(); });
  reader->start(reader);
  EXPECT_EQ(found_nothing, true);
  const SocketPair next;
  ASSERT_EQ(next.ours.descriptor(), number);
  next.send_from_theirs('b');
  send("a");
  EXPECT_TRUE(reader->waited.empty());
  EXPECT_EQ(left_in(number), "b");
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

#endif

}  // namespace
}  // namespace headway::drive
