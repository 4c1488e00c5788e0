// SPDX-License-Identifier: BSL-1.0

// Asynchronous calls by the hundred thousand, a third of them cancelled at random moments, with threads that
// block beside them: nothing is lost, told twice or left behind.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/scale.hpp"

#include <headway/async.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>

#include <dirent.h>

#include <atomic>
#include <random>
#include <thread>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

constexpr int operations = scaled(200'000);
constexpr int chains = 64;
constexpr int most_hops = 24;  // about as many turns of the loop as a request takes under this load

int open_descriptors() {
  int count = 0;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count;
}

struct Tally {
  std::atomic<int> started = 0, answered = 0, aborted = 0, wrong = 0, told_twice = 0;
};

/// One call after another, on a strand of its own.
class Chain {
 public:
  Chain(asio::io_context& io, Client& client, std::string url, Tally& tally, unsigned seed)
      : strand_(asio::make_strand(io)), client_(client), url_(std::move(url)), tally_(tally), random_(seed) {}

  void next() {
    if (tally_.started++ >= operations) return;
    const std::uint64_t number = ++number_;
    auto handler = [this, number](std::error_code ec, Response response) {
      if (number != number_ || std::exchange(ended_, true)) ++tally_.told_twice;
      if (!ec && response.body == "hello\n") {
        ++tally_.answered;
      } else {
        ++(ec == asio::error::operation_aborted ? tally_.aborted : tally_.wrong);
      }
      next();
    };
    ended_ = false;
    client_.async_get(
        url_, asio::bind_cancellation_slot(signal_.slot(), asio::bind_executor(strand_, std::move(handler))));
    if (random_() % 3 == 0) cancel_after(static_cast<int>(random_() % most_hops), number);
  }

 private:
  /// `hops` turns of the loop from now, unless the call has ended.
  void cancel_after(int hops, std::uint64_t number) {
    if (number != number_ || ended_) return;
    if (hops == 0) return signal_.emit(asio::cancellation_type::terminal);
    asio::post(strand_, [this, hops, number] { cancel_after(hops - 1, number); });
  }

  asio::strand<asio::io_context::executor_type> strand_;
  Client& client_;
  const std::string url_;
  Tally& tally_;
  std::minstd_rand random_;
  asio::cancellation_signal signal_;
  std::uint64_t number_ = 0;
  bool ended_ = false;
};

TEST(AsyncSoak, loses_nothing_where_a_third_of_the_calls_is_cancelled) {  // pool rules 21 and 82
  Nginx nginx({.server_config = "keepalive_requests 1000000; location / { return 200 'hello\\n'; }"});
  const int before = open_descriptors();
  {
    asio::io_context io;
    Client client{io.get_executor(), {.pool = {.max_total = 16, .max_per_route = 16}}};
    Tally tally;
    std::atomic<bool> over = false;
    std::atomic<int> blocking = 0, failed = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        for (; !over; ++blocking) failed += client.get(nginx.url()).body != "hello\n";
      });
    }
    std::vector<std::unique_ptr<Chain>> all;
    for (unsigned i = 0; i < chains; ++i)
      all.push_back(std::make_unique<Chain>(io, client, nginx.url(), tally, i + 1));
    for (const auto& chain : all) chain->next();
    {
      const std::jthread second([&io] { io.run(); });
      io.run();
    }
    over = true;
    threads.clear();
    EXPECT_EQ(tally.answered + tally.aborted, operations);
    EXPECT_GT(tally.aborted, operations / 20);
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_EQ(tally.told_twice, 0);
    EXPECT_EQ(failed, 0);
    EXPECT_GT(blocking, 0);
    const bool whole = eventually([&] { return pool_is_whole(client); });
    EXPECT_TRUE(whole && pool_is_whole(client)) << pool_is_whole(client).message();
    std::printf("%d answered, %d aborted, %d blocking calls beside them\n", tally.answered.load(),
                tally.aborted.load(), blocking.load());
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace headway::testing
