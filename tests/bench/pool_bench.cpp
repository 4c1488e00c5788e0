// SPDX-License-Identifier: BSL-1.0

// What a lease and its end cost where a connection is idle: through the bare accounting, and through the
// manager with its lock, its clock and its leases. No system calls, so the figures are the pool's own. Each
// thread walks over its share of the routes in an order that no cache foresees.
// The floor under both is the least that any such pool does, so that what memory costs shows in the same run.
//   cmake -B build -DCMAKE_BUILD_TYPE=Release -DHEADWAY_BUILD_TESTS=OFF
//   cmake build -DHEADWAY_BUILD_EXAMPLES=OFF -DHEADWAY_BUILD_FUZZERS=OFF
//   cmake --build build --target pool_bench
//   build/tests/bench/pool_bench

#include "src/connect/connector.hpp"

#include <headway/pool.hpp>
#include <headway/pooling_connection_manager.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace headway {
namespace {

constexpr Duration keep_alive = std::chrono::minutes(5);
constexpr std::size_t most_threads = 8;

class SilentTransport final : public core::Transport {
 public:
  core::IoResult read(std::span<char>) noexcept override { return {.kind = core::IoResult::Kind::end}; }
  core::IoResult write(std::string_view, std::string_view) noexcept override {
    return {.kind = core::IoResult::Kind::done, .bytes = 1};
  }
  detail::Socket& socket() noexcept override { return socket_; }
  bool is_raw() const noexcept override { return false; }
  Idle look() noexcept override { return Idle::quiet; }

 private:
  detail::Socket socket_;
};

class SilentConnector final : public connect::Connector {
 public:
  detail::Op<connect::Dialled> connect(HttpRoute, connect::DialTimeouts) override {
    connect::Dialled dialled;
    dialled.transport = std::make_unique<SilentTransport>();
    co_return dialled;
  }
};

/// All routes, in an order of their own for each seed. They are made in that order, as a caller's route is at
/// hand where the pool's memory of it is not.
std::vector<HttpRoute> make_routes(std::size_t count, std::uint32_t seed) {
  std::vector<std::size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937(seed));
  std::vector<HttpRoute> routes;
  for (const std::size_t number : numbers) {
    routes.emplace_back("http", "service-" + std::to_string(number) + ".internal.example");
  }
  return routes;
}

/// The routes that one thread visits, again and again.
class Walk {
 public:
  Walk(const std::vector<HttpRoute>& routes, const benchmark::State& state)
      : routes_(routes),
        next_(static_cast<std::size_t>(state.thread_index()) % routes.size()),
        stride_(std::min(static_cast<std::size_t>(state.threads()), routes.size())) {}

  const HttpRoute& next() {
    const HttpRoute& route = routes_[next_];
    next_ += stride_;
    if (next_ >= routes_.size()) next_ %= stride_;
    return route;
  }

 private:
  const std::vector<HttpRoute>& routes_;
  std::size_t next_;
  std::size_t stride_;
};

struct ManagedPool {
  explicit ManagedPool(std::size_t count)
      : routes(make_routes(count, 1)),
        manager({.max_total = count + most_threads, .validate_after_inactivity = unlimited},
                {.connector = std::make_shared<SilentConnector>()}) {
    for (const HttpRoute& route : make_routes(count, 2)) manager.warm(route, count == 1 ? most_threads : 1);
  }

  std::vector<HttpRoute> routes;
  PoolingConnectionManager manager;
};

struct BarePool {
  explicit BarePool(std::size_t count)
      : routes(make_routes(count, 1)), pool({.max_total = count + most_threads}) {
    Pool<int>::Effects effects;
    for (const HttpRoute& route : make_routes(count, 2)) {
      for (std::size_t i = 0; i < (count == 1 ? most_threads : 1); ++i) {
        pool.dialled(*pool.reserve(route), 1, TimePoint{}, never, effects);
      }
    }
  }

  std::vector<HttpRoute> routes;
  std::mutex mutex;
  Pool<int> pool;
};

struct Floor {
  /// As large as a connection's account is, more or less.
  struct alignas(64) Connection {
    std::uint64_t uses = 0;
    std::array<std::uint64_t, 15> rest{};
  };

  explicit Floor(std::size_t count) : routes(make_routes(count, 1)) {
    for (const HttpRoute& route : make_routes(count, 2))
      by_route.emplace(route, std::make_unique<Connection>());
  }

  std::vector<HttpRoute> routes;
  std::mutex mutex;
  std::unordered_map<HttpRoute, std::unique_ptr<Connection>> by_route;
};

template <class Subject>
std::unique_ptr<Subject> subject;

template <class Subject>
void set_up(const benchmark::State& state) {
  subject<Subject> = std::make_unique<Subject>(static_cast<std::size_t>(state.range(0)));
}

template <class Subject>
void tear_down(const benchmark::State&) {
  subject<Subject>.reset();
}

void manager_lease(benchmark::State& state) {
  ManagedPool& managed = *subject<ManagedPool>;
  Walk walk(managed.routes, state);
  for (auto _ : state) {
    Lease lease = managed.manager.lease(walk.next());
    benchmark::DoNotOptimize(lease.give_back(keep_alive));
  }
}

void manager_try_lease(benchmark::State& state) {
  ManagedPool& managed = *subject<ManagedPool>;
  Walk walk(managed.routes, state);
  for (auto _ : state) {
    const TimePoint now = managed.manager.clock().now();
    Lease lease = managed.manager.try_lease(walk.next(), now, nullptr);
    if (!lease) {
      state.SkipWithError("nothing was idle");
      break;
    }
    benchmark::DoNotOptimize(lease.give_back(keep_alive));
  }
}

void bare_pool(benchmark::State& state) {
  BarePool& bare = *subject<BarePool>;
  Walk walk(bare.routes, state);
  const TimePoint now{};
  for (auto _ : state) {
    Pool<int>::Effects effects;
    std::unique_lock lock(bare.mutex);
    auto* const slot = bare.pool.take_idle(walk.next(), now, effects);
    lock.unlock();
    if (slot == nullptr) {
      state.SkipWithError("nothing was idle");
      break;
    }
    lock.lock();
    bare.pool.give_back(*slot, CloseReason::none, now, never, CloseReason::expired, effects);
  }
}

/// A lease locks, looks up and reads; its end locks and writes.
void floor_lease(benchmark::State& state) {
  Floor& least = *subject<Floor>;
  Walk walk(least.routes, state);
  for (auto _ : state) {
    std::unique_lock lock(least.mutex);
    Floor::Connection& connection = *least.by_route.find(walk.next())->second;
    const std::uint64_t uses = connection.uses;
    lock.unlock();
    lock.lock();
    connection.uses = uses + 1;
  }
}

template <class Subject>
void register_all(const char* name, void (*run)(benchmark::State&)) {
  benchmark::RegisterBenchmark(name, run)
      ->Setup(set_up<Subject>)
      ->Teardown(tear_down<Subject>)
      ->ArgName("routes")
      ->Arg(1)
      ->Arg(1'000)
      ->Arg(100'000)
      ->Threads(1)
      ->Threads(most_threads);
}

}  // namespace
}  // namespace headway

int main(int argc, char** argv) {
  using namespace headway;
  benchmark::Initialize(&argc, argv);
  register_all<Floor>("floor", floor_lease);
  register_all<BarePool>("bare_pool", bare_pool);
  register_all<ManagedPool>("manager_try_lease", manager_try_lease);
  register_all<ManagedPool>("manager_lease", manager_lease);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
