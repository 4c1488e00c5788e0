// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/rounds.hpp"

#include "src/testing/descriptor.hpp"
#include "tests/bench/counts.hpp"
#include "tests/bench/meter.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace headway::bench {
namespace {

using testing::Descriptor;
using testing::throw_errno;

void check_opened(std::uint64_t opened, const Workload& workload) {
  const auto kept = static_cast<std::uint64_t>(workload.connections);
  const auto all =
      static_cast<std::uint64_t>(workload.warm_up) + static_cast<std::uint64_t>(workload.requests);
  if (kept == 0 ? opened != all : opened > kept)
    throw std::runtime_error("opened " + std::to_string(opened) + " connections, not " +
                             std::to_string(kept == 0 ? all : kept));
}

Cost take_turn(const Candidate& candidate, const Workload& workload) {
  const long before = memory();
  const std::uint64_t opened_before = connections_opened();
  const std::unique_ptr<Peer> peer = candidate.make();
  peer->ask(workload.warm_up);
  const Meter meter;
  peer->ask(workload.requests);
  Cost cost = meter.each_of(workload.requests);
  cost.peak = static_cast<double>(std::max(0L, peak_memory() - before));
  check_opened(connections_opened() - opened_before, workload);
  return cost;
}

[[noreturn]] void be_the_child(const Candidate& candidate, const Workload& workload, int result) {
  int status = 1;
  try {
    const Cost cost = take_turn(candidate, workload);
    if (::write(result, &cost, sizeof cost) == sizeof cost) status = 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", candidate.name.c_str(), error.what());
  }
  ::_exit(status);
}

Cost take_turn_apart(const Candidate& candidate, const Workload& workload) {
  std::array<int, 2> ends;
  if (::pipe(ends.data()) != 0) throw_errno("pipe");
  const Descriptor out(ends[0]);
  Descriptor in(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) throw_errno("fork");
  if (child == 0) be_the_child(candidate, workload, in.get());
  in.reset();
  Cost cost;
  const bool told = ::read(out.get(), &cost, sizeof cost) == sizeof cost;
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!told || status != 0) throw std::runtime_error(candidate.name + " failed");
  return cost;
}

std::vector<Candidate> chosen(const Arguments& arguments, const std::vector<Candidate>& candidates) {
  std::vector<Candidate> those;
  for (const std::string& name : arguments.all("--peer")) {
    const auto found = std::ranges::find(candidates, name, &Candidate::name);
    if (found == candidates.end()) throw std::invalid_argument("no such peer here: " + name);
    those.push_back(*found);
  }
  return those.empty() ? candidates : those;
}

/// So that in two rounds neither the first nor the one before a peer is the same.
std::vector<Candidate> in_order(std::vector<Candidate> peers, int round) {
  std::ranges::rotate(peers, peers.begin() + round % std::ssize(peers));
  if (round % 2 != 0) std::ranges::reverse(peers);
  return peers;
}

double median(const std::vector<Cost>& costs, double Cost::*member) {
  std::vector<double> values;
  for (const Cost& cost : costs) values.push_back(cost.*member);
  std::ranges::sort(values);
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

void print(const Arguments& arguments, const Workload& workload, const std::string& peer,
           const std::vector<Cost>& costs) {
  const char* const format = arguments.tsv() ? "%s\t%s\t%.1f\t%.2f\t%.2f\t%.2f\t%.0f\n"
                                             : "%-20s %-18s %12.1f %10.2f %10.2f %12.2f %10.0f\n";
  std::printf(format, workload.name.c_str(), peer.c_str(), 1e6 / median(costs, &Cost::wall),
              median(costs, &Cost::user), median(costs, &Cost::system), median(costs, &Cost::allocations),
              median(costs, &Cost::peak));
}

}  // namespace

void run_rounds(const Arguments& arguments, Workload workload, const std::vector<Candidate>& candidates) {
  require_counting();
  workload.name = arguments.text("--workload", workload.name);
  workload.requests = arguments.number("--requests", workload.requests);
  workload.rounds = arguments.number("--rounds", workload.rounds);
  const std::vector<Candidate> peers = chosen(arguments, candidates);
  const auto turn = workload.rounds == 1 && peers.size() == 1 ? take_turn : take_turn_apart;
  std::map<std::string, std::vector<Cost>> costs;
  for (int round = 0; round < workload.rounds; ++round)
    for (const Candidate& peer : in_order(peers, round)) costs[peer.name].push_back(turn(peer, workload));
  if (!arguments.tsv())
    std::printf("%-20s %-18s %12s %10s %10s %12s %10s\n", "workload", "peer", "requests/s", "user us",
                "system us", "allocations", "peak KiB");
  for (const Candidate& peer : peers) print(arguments, workload, peer.name, costs.at(peer.name));
}

}  // namespace headway::bench
