// SPDX-License-Identifier: BSL-1.0
#pragma once

// Measures clients in turns, so that what else the machine does hits all alike, and prints the medians. Each
// turn is a process of its own, so that no client profits from, or pays for, another's memory.

#include "tests/bench/arguments.hpp"
#include "tests/bench/peer.hpp"

#include <string>
#include <vector>

namespace headway::bench {

struct Workload {
  std::string name;
  int requests = 0;  ///< of a turn
  int warm_up = 0;   ///< before it, counted in none of the figures; the same whatever `requests`
  int rounds = 5;
  int connections = 1;  ///< that a turn may open; 0: exactly one for each request, the warm-up's included
};

/// --requests, --rounds, --workload and --peer (all candidates where none is named) win over `workload`.
/// Prints a line for each: with --tsv, separated by tabs, and without a heading, workload, peer, requests a
/// second, microseconds of user and of system time a request, allocations a request, KiB of memory at most.
/// Throws std::runtime_error where a turn fails, or opens other connections than the workload has.
/// A single turn is made in this very process, which callgrind and strace then see alone.
void run_rounds(const Arguments& arguments, Workload workload, const std::vector<Candidate>& candidates);

}  // namespace headway::bench
