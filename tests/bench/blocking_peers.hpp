// SPDX-License-Identifier: BSL-1.0
#pragma once

// The blocking clients, each made in a file of its own: blocking_NAME.cpp.

#include "tests/bench/crowd.hpp"
#include "tests/bench/job.hpp"
#include "tests/bench/peer.hpp"

#include <memory>

namespace headway::bench {

/// What of headway is used.
enum class Use {
  defaults,   ///< the response object is used again
  fresh,      ///< a new response each time
  unchecked,  ///< no look at a connection before it is used again
  all,        ///< what can be switched on is on, and needed by no request
};

std::unique_ptr<Peer> make_bare(const Job& job);
std::unique_ptr<Peer> make_headway(const Job& job, Use use);
/// One client, whose pool all threads share.
std::unique_ptr<Peer> make_headway_crowd(const Job& job, Use use, const Crowd& crowd);
std::unique_ptr<Peer> make_curl(const Job& job);
std::unique_ptr<Peer> make_httplib(const Job& job);
std::unique_ptr<Peer> make_beast(const Job& job);
std::unique_ptr<Peer> make_poco(const Job& job);

}  // namespace headway::bench
