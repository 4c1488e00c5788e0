// SPDX-License-Identifier: BSL-1.0

// A pool with caps and times of its own, shared by two clients, and what it tells of itself.

#include <headway/headway.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::shared_ptr<headway::PoolingConnectionManager> make_pool(const headway::HttpRoute& route) {
  auto pool = std::make_shared<headway::PoolingConnectionManager>(headway::PoolOptions{
      .max_total = 200,
      .max_per_route = 20,
      .validate_after_inactivity = 1s,  // a connection idle for longer is looked at before reuse
      .time_to_live = 10min,            // so that a changed DNS entry is followed some day
  });
  pool->set_max_per_route(route, 2);  // this server bears no more
  return pool;
}

// How long a server keeps an idle connection it may say in Keep-Alive; some need to be told apart.
headway::Duration keep_alive(const headway::ResponseHead& head, const headway::HttpRoute& route) {
  if (route.host() == "www.naughty-server.com") return 5s;
  return headway::DefaultKeepAliveStrategy{}(head, route);
}

void print(const char* when, const headway::PoolStats& stats) {
  std::cout << when << ": " << stats.leased << " leased, " << stats.available << " available, "
            << stats.pending << " pending, at most " << stats.max << '\n';
}

void run(const std::string& url_text) {
  const headway::Url url(url_text);
  const headway::HttpRoute route(url.scheme(), url.host(), url.port());
  auto pool = make_pool(route);
  // Closes what the servers have closed, so that no CLOSE_WAIT stays. A pool of one client's own has one.
  headway::IdleConnectionMonitor monitor{pool, {.interval = 5s, .max_idle = 30s}};
  headway::Client orders{pool, {.timeouts = {.lease = 2s}, .keep_alive_strategy = keep_alive}};
  headway::Client reports{pool, {.timeouts = {.response = headway::unlimited}}};

  {
    std::vector<std::jthread> threads;  // a client may be called on any thread
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        std::error_code ec;
        (i % 2 == 0 ? orders : reports).get(url_text, ec);
        if (ec) std::cerr << ec.message() + '\n';
      });
    }
  }
  print("after 8 requests", pool->stats(route));
  std::cout << pool->stats().opened << " opened, " << pool->stats().reused << " reused\n";
  std::cout << pool->close_idle(0s) << " closed\n";
  print("at the end", pool->stats(route));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: pool_tuning URL\n";
    return 2;
  }
  try {
    run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
