// SPDX-License-Identifier: BSL-1.0

// A thousand requests at once, each a coroutine, on one thread and over fifty connections.

#include <headway/async.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <system_error>

using namespace std::chrono_literals;

namespace {

constexpr int requests = 1000;

struct Tally {
  int answered = 0;
  std::error_code last_error;
};

asio::awaitable<void> ask(headway::Client& client, const std::string& url, Tally& tally) {
  try {
    headway::Response response = co_await client.async_get(url, asio::use_awaitable);
    if (response.status == 200) ++tally.answered;
  } catch (const std::system_error& error) {
    tally.last_error = error.code();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: coroutines URL\n";
    return 2;
  }
  const std::string url = argv[1];
  asio::io_context io(1);  // run by one thread, so that nothing here needs a lock
  headway::Client client{io.get_executor(),
                         {
                             .pool = {.max_total = 50, .max_per_route = 50},
                             .timeouts = {.lease = 1min},  // most requests wait for a connection first
                         }};
  Tally tally;
  for (int i = 0; i < requests; ++i) asio::co_spawn(io, ask(client, url, tally), asio::detached);

  const auto start = std::chrono::steady_clock::now();
  io.run();
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;

  std::cout << tally.answered << " of " << requests << " answered over " << client.pool().stats().opened
            << " connections in " << time.count() << " ms\n";
  if (tally.last_error) std::cerr << "the last error: " << tally.last_error.message() << '\n';
  return tally.answered == requests ? 0 : 1;
}
