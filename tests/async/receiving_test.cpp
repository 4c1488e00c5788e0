// SPDX-License-Identifier: BSL-1.0

// Waits that receive: what the executor's reactor reads for an operation, and what it leaves alone.

#include "src/drive/asio_task.hpp"
#include "tests/support/socket_pair.hpp"

#include <headway/testing/manual_clock.hpp>

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headway::drive {
namespace {

using namespace std::chrono_literals;
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
  std::vector<Waited> waited;
  int ends = 0;
  std::error_code error;

 private:
  detail::Op<std::error_code> perform() override {
    while (waited.size() < waits_) {
      detail::SocketWant socket{&socket_, true, false};
      detail::Want want;
      want.sockets = {&socket, 1};
      want.into = into_;
      want.deadline = deadline;
      co_await want;
      waited.push_back({socket.readable, want.received, want.timed_out});
    }
    co_return std::error_code();
  }
  bool receives() const noexcept override { return by_ == By::receiving; }
  void conclude(detail::CalledFrom, std::error_code ec) override {
    ++ends;
    error = ec;
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
    reader->start();
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
  reader->start();
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

}  // namespace
}  // namespace headway::drive
