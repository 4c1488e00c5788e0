// SPDX-License-Identifier: BSL-1.0
#pragma once

// Many threads over fewer connections. Made and asked on one thread, which waits for those it starts.

#include "tests/bench/peer.hpp"

#include <memory>

namespace headway::bench {

struct Crowd {
  int threads = 1;
  int connections = 1;
};

/// Clients of one connection each, which the threads take from a queue under a mutex and wait for.
std::unique_ptr<Peer> make_queue(const Crowd& crowd, const Candidate& candidate);

/// Clients by thread that share what they have behind them: `make` is called once for each thread.
std::unique_ptr<Peer> make_sharers(const Crowd& crowd, const Candidate& candidate);

}  // namespace headway::bench
