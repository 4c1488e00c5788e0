// SPDX-License-Identifier: BSL-1.0
//
// The same small GET on many kept connections by one thread, by each of several asynchronous clients:
// rounds.hpp has the options that all benchmarks share. These are its own:
//
//   --url URL           http or https; what is asked
//   --trust FILE        the authority's certificate, for https
//   --connections N     64 where none is given
#include "tests/bench/async_peer.hpp"
#include "tests/bench/program.hpp"
#include "tests/bench/rounds.hpp"

#include <headway/client.hpp>

namespace headway::bench {
namespace {

std::vector<Candidate> candidates(const Target& target) {
  return {
      {"headway", [target] { return make_async_headway(target); }},
      {"bare", [target] { return make_async_bare(target); }},
#ifdef HEADWAY_BENCH_CURL
      {"libcurl", [target] { return make_async_curl(target); }},
#endif
#ifdef HEADWAY_BENCH_BEAST
      {"beast", [target] { return make_async_beast(target); }},
#endif
  };
}

void run(int argc, char** argv) {
  const Arguments arguments(
      argc, argv, {"--url", "--trust", "--connections", "--workload", "--requests", "--rounds", "--peer"});
  const std::string url = arguments.text("--url");
  if (url.empty()) throw std::invalid_argument("--url is missing");
  raise_open_files();
  // What the server answers to a blocking client is what all others have to get.
  const std::string trusted = arguments.text("--trust");
  const Target target{.url = Url(url),
                      .trusted = trusted,
                      .body = Client({.tls = {.ca_file = trusted}}).get(url).body,
                      .connections = arguments.number("--connections", 64)};
  run_rounds(arguments,
             {.name = "async",
              .requests = 200'000,
              .warm_up = 10 * target.connections,
              .connections = target.connections},
             candidates(target));
}

}  // namespace
}  // namespace headway::bench

int main(int argc, char** argv) {
  return headway::bench::run_main("async_get", [&] { headway::bench::run(argc, argv); });
}
