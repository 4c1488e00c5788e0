// SPDX-License-Identifier: BSL-1.0
#pragma once

// What is measured: a client that makes requests. Made, used and destroyed on one thread.

#include <functional>
#include <memory>
#include <string>

namespace headway::bench {

class Peer {
 public:
  virtual ~Peer() = default;

  /// Returns once so many requests, 1 or more, have been answered rightly; connections stay open. Throws
  /// std::exception where an answer is wrong or missing.
  virtual void ask(int requests) = 0;
};

struct Candidate {
  std::string name;
  std::function<std::unique_ptr<Peer>()> make;
};

}  // namespace headway::bench
