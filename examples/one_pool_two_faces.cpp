// SPDX-License-Identifier: BSL-1.0

// One pool for threads that block and for coroutines: they take turns on its connections, in the order in
// which they came.

#include <headway/async.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Tally {
  std::atomic<int> by_threads = 0, by_coroutines = 0;
};

void ask_blocking(headway::Client& client, const std::string& url, Tally& tally) {
  for (int i = 0; i < 25; ++i) {
    std::error_code ec;
    client.get(url, ec);
    if (!ec) ++tally.by_threads;
  }
}

asio::awaitable<void> ask(headway::Client& client, const std::string& url, Tally& tally) {
  for (int i = 0; i < 25; ++i) {
    try {
      co_await client.async_get(url, asio::use_awaitable);
      ++tally.by_coroutines;
    } catch (const std::system_error&) {
    }
  }
}

void run(const std::string& url) {
  auto pool = std::make_shared<headway::PoolingConnectionManager>(headway::PoolOptions{.max_total = 4});
  asio::io_context io;
  // One client has both faces. Two of them on one pool may have timeouts and strategies of their own.
  headway::Client client{io.get_executor(), pool};

  Tally tally;
  for (int i = 0; i < 4; ++i) asio::co_spawn(io, ask(client, url, tally), asio::detached);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { ask_blocking(client, url, tally); });
    io.run();
  }
  const headway::PoolStats stats = pool->stats();
  std::cout << tally.by_threads << " answers to threads, " << tally.by_coroutines << " to coroutines, "
            << stats.leased << " connections leased, " << stats.available << " idle, at most " << stats.max
            << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: one_pool_two_faces URL\n";
    return 2;
  }
  try {
    run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
