// SPDX-License-Identifier: BSL-1.0

// Ten thousand coroutines over a hundred connections: all are served, in the order in which they came, and
// what each holds while it waits is small.

#include "tests/client/client_fixture.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/scale.hpp"

#include <headway/async.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <fstream>
#include <numeric>
#include <thread>

namespace headway::testing {
namespace {

constexpr int crowd = scaled(10'000);
constexpr std::size_t cap = 100;

PoolOptions pool_options() {
  return {.max_total = cap, .max_per_route = cap, .max_waiters = static_cast<std::size_t>(crowd)};
}

/// KiB: "VmHWM" is the most that was resident.
long memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != name + ":") continue;
    long size = 0;
    status >> size;
    return size;
  }
  return 0;
}

TEST(Crowd, is_answered_to_the_last) {
  Nginx nginx({.server_config = "keepalive_requests 1000000; location / { return 200 'hello\\n'; }"});
  asio::io_context io;
  Client client{io.get_executor(), {.pool = pool_options(), .timeouts = {.lease = std::chrono::minutes(2)}}};
  const std::string url = nginx.url();
  const long before = memory("VmRSS");
  int answered = 0;
  for (int i = 0; i < crowd; ++i) {
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
          const Response response = co_await client.async_get(url, asio::use_awaitable);
          answered += response.body == "hello\n";
        },
        asio::detached);
  }
  io.run();
  EXPECT_EQ(answered, crowd);
  EXPECT_LE(client.pool().stats().opened, cap);
  EXPECT_TRUE(pool_is_whole(client));
  std::printf("%d coroutines: %ld KiB resident before, %ld KiB at the most\n", crowd, before,
              memory("VmHWM"));
}

TEST(Crowd, is_served_in_the_order_in_which_it_came) {  // pool rule 15
  Nginx nginx;
  asio::io_context io;
  PoolingConnectionManager pool(pool_options());
  const HttpRoute route{"http", "127.0.0.1", nginx.port()};
  EXPECT_EQ(pool.warm(route, cap), cap);
  std::vector<int> order;
  for (int i = 0; i < crowd; ++i) {
    asio::co_spawn(
        io,
        [&, i]() -> asio::awaitable<void> {
          Lease lease = co_await pool.async_lease(route, Timeouts{.lease = std::chrono::minutes(2)},
                                                  asio::use_awaitable);
          order.push_back(i);
          lease.give_back(std::chrono::minutes(1));
        },
        asio::detached);
  }
  io.run();
  std::vector<int> arrival(static_cast<std::size_t>(crowd));
  std::iota(arrival.begin(), arrival.end(), 0);
  EXPECT_EQ(order, arrival);
}

/// Threads that block and coroutines, each entered only once all before it wait.
TEST(Crowd, of_threads_and_coroutines_is_served_in_one_order) {  // pool rule 15
  Nginx nginx;
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  const std::jthread runner([&] { io.run(); });
  PoolingConnectionManager pool({.max_total = 1, .max_per_route = 1});
  const HttpRoute route{"http", "127.0.0.1", nginx.port()};
  Lease first = pool.lease(route);
  std::mutex mutex;
  std::vector<int> order;
  const auto served = [&](int number, Lease lease) {
    {
      const std::lock_guard lock(mutex);
      order.push_back(number);
    }
    lease.give_back(std::chrono::minutes(1));
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    if (i % 2 == 0) {
      threads.emplace_back([&, i] { served(i, pool.lease(route)); });
    } else {
      asio::co_spawn(
          io,
          [&, i]() -> asio::awaitable<void> {
            served(i, co_await pool.async_lease(route, asio::use_awaitable));
          },
          asio::detached);
    }
    EXPECT_TRUE(eventually([&] { return pool.stats().pending == static_cast<std::size_t>(i) + 1; }));
  }
  first.give_back(std::chrono::minutes(1));
  threads.clear();
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 10;
  }));
  work.reset();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

}  // namespace
}  // namespace headway::testing
