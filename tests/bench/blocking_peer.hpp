// SPDX-License-Identifier: BSL-1.0
#pragma once

// What every blocking client in the benchmarks is asked for: the same exchange again and again, with the
// length of each answer checked. Used by one thread at a time.

#include "tests/bench/job.hpp"
#include "tests/bench/peer.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace headway::bench {

class BlockingPeer : public Peer {
 public:
  explicit BlockingPeer(const Job& job) : job_(job) {}

  void ask(int requests) final {
    for (int i = 0; i < requests; ++i) {
      const std::uint64_t got = exchange();
      if (got != job_.answer) throw std::runtime_error("an answer of " + std::to_string(got) + " bytes");
    }
  }

 protected:
  /// One request and its answer of status 200; returns the length of its body.
  virtual std::uint64_t exchange() = 0;
  const Job& job() const noexcept { return job_; }

 private:
  const Job job_;
};

}  // namespace headway::bench
