// SPDX-License-Identifier: BSL-1.0

// The same small GET on 64 kept connections by one thread, by each of several clients in turn:
//
//   async_get [--url URL] [--requests N] [--rounds N] [--peer NAME]...
//
// Without a URL it starts an nginx of its own. The clients take turns, so that what else the machine does
// hits all alike; printed are medians of the rounds. Opening the connections and warming up is counted in
// none of the figures. For instruction counts run one client under valgrind --tool=callgrind
// --collect-atstart=no, which collects only the requests; for system calls under strace -f -c with two
// numbers of requests, and take the difference. Both need a URL: valgrind cannot start nginx, and strace
// would count it.
#include "tests/bench/async_peer.hpp"
#include "tests/support/nginx.hpp"

#include <headway/client.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <vector>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#endif

namespace headway::bench {
namespace {

constexpr int warm_up = 10 * connections;

struct Candidate {
  const char* name;
  std::unique_ptr<AsyncPeer> (*make)(const Target& target);
};

constexpr Candidate candidates[] = {
    {"bare", make_async_bare},
    {"headway", make_async_headway},
#ifdef HEADWAY_BENCH_BEAST
    {"beast", make_async_beast},
#endif
#ifdef HEADWAY_BENCH_CURL
    {"curl", make_async_curl},
#endif
};

struct Options {
  std::string url = {};
  int requests = 200'000;
  int rounds = 5;
  std::vector<Candidate> peers = {};
};

int positive(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0)
    throw std::invalid_argument("not a number: " + std::string(text));
  return number;
}

Candidate candidate(std::string_view name) {
  for (const Candidate& known : candidates)
    if (name == known.name) return known;
  throw std::invalid_argument("no such peer in this build: " + std::string(name));
}

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) throw std::invalid_argument(std::string(name) + " takes a value");
    const char* const value = argv[i + 1];
    if (name == "--url") {
      options.url = value;
    } else if (name == "--requests") {
      options.requests = positive(value);
    } else if (name == "--rounds") {
      options.rounds = positive(value);
    } else if (name == "--peer") {
      options.peers.push_back(candidate(value));
    } else {
      throw std::invalid_argument("no such option: " + std::string(name));
    }
  }
  if (options.peers.empty()) options.peers.assign(std::begin(candidates), std::end(candidates));
  return options;
}

/// Times of a request, in microseconds.
struct Cost {
  double wall, user, system;
};

double microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

Cost measure(const Candidate& peer, const Target& target, int requests) {
  const std::unique_ptr<AsyncPeer> client = peer.make(target);
  client->get(warm_up);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  const auto start = std::chrono::steady_clock::now();
  CALLGRIND_TOGGLE_COLLECT;
  client->get(requests);
  CALLGRIND_TOGGLE_COLLECT;
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - start;
  ::getrusage(RUSAGE_SELF, &after);
  return {wall.count() / requests, (microseconds(after.ru_utime) - microseconds(before.ru_utime)) / requests,
          (microseconds(after.ru_stime) - microseconds(before.ru_stime)) / requests};
}

double median(const std::vector<Cost>& costs, double (*value)(const Cost&)) {
  std::vector<double> values;
  for (const Cost& cost : costs) values.push_back(value(cost));
  std::ranges::sort(values);
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

struct Row {
  double rate = 0, user = 0, system = 0, processor = 0;
};

Row summary(const std::vector<Cost>& costs) {
  return {median(costs, [](const Cost& cost) { return 1e6 / cost.wall; }),
          median(costs, [](const Cost& cost) { return cost.user; }),
          median(costs, [](const Cost& cost) { return cost.system; }),
          median(costs, [](const Cost& cost) { return cost.user + cost.system; })};
}

std::string ratio(double value, double floor) {
  if (floor == 0) return "-";
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", value / floor);
  return text;
}

void print(const Options& options, const Target& target,
           const std::map<std::string, std::vector<Cost>>& costs) {
  std::printf("%d connections, 1 thread, GETs of %zu bytes: %d a round, median of %d; times of a request\n\n",
              connections, target.body.size(), options.requests, options.rounds);
  std::printf("%-10s %12s %9s %10s %10s %12s %9s\n", "peer", "requests/s", "of bare", "user us", "system us",
              "user+sys us", "of bare");
  const auto bare = costs.find("bare");
  const Row floor = bare == costs.end() ? Row{} : summary(bare->second);
  for (const Candidate& peer : options.peers) {
    const Row row = summary(costs.at(peer.name));
    std::printf("%-10s %12.0f %9s %10.2f %10.2f %12.2f %9s\n", peer.name, row.rate,
                ratio(row.rate, floor.rate).c_str(), row.user, row.system, row.processor,
                ratio(row.processor, floor.processor).c_str());
  }
}

void run(const Options& options, const Target& target) {
  std::map<std::string, std::vector<Cost>> costs;
  for (int round = 0; round < options.rounds; ++round)
    for (const Candidate& peer : options.peers) {
      try {
        costs[peer.name].push_back(measure(peer, target, options.requests));
      } catch (const std::exception& error) {
        throw std::runtime_error(std::string(peer.name) + ": " + error.what());
      }
    }
  print(options, target, costs);
}

void run(const Options& options) {
  // What the server answers to a blocking client is what all others have to get.
  if (!options.url.empty()) return run(options, {Url(options.url), Client().get(options.url).body});
  const testing::Nginx nginx(
      {.http_config = "keepalive_requests 1000000000;",
       .server_config = "access_log off; location = /hello { return 200 'hello world\\n'; }"});
  run(options, {Url(nginx.url("/hello")), "hello world\n"});
}

}  // namespace
}  // namespace headway::bench

int main(int argc, char** argv) try {
  headway::bench::run(headway::bench::parse_options(argc, argv));
  return 0;
} catch (const std::invalid_argument& error) {
  std::fprintf(stderr, "async_get: %s\n", error.what());
  std::fprintf(stderr, "usage: async_get [--url URL] [--requests N] [--rounds N] [--peer NAME]...\n");
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "async_get: %s\n", error.what());
  return 1;
}
