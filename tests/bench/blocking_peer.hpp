// SPDX-License-Identifier: BSL-1.0
#pragma once

// What every blocking client in the benchmarks is asked for: the same exchange again and again, with the
// length of each answer checked. Used by one thread at a time.

#include "tests/bench/crowd.hpp"
#include "tests/bench/peer.hpp"

#include <headway/url.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace headway::bench {

/// What a client reads and writes large bodies by.
inline constexpr std::size_t piece_size = 64 * 1024;

/// A new one is asked to be closed by the server, so that TIME_WAIT stays on its side.
enum class Connections { kept, new_each };

/// Those of TLS on a new connection, where there is a session to take up again.
enum class Handshakes { resumed, full };

struct Job {
  Url url;
  std::string trusted = {};  ///< path of the authority's certificate, for https
  std::uint64_t answer = 0;  ///< bytes of body that each answer has
  std::uint64_t upload = 0;  ///< bytes of body to PUT; 0: a GET
  std::string file = {};     ///< whose content is uploaded, or where an answer is saved; empty: memory
  Connections connections = Connections::kept;
  Handshakes handshakes = Handshakes::resumed;

  bool secure() const noexcept { return url.scheme() == "https"; }
  /// Bodies that a caller would take piece by piece.
  bool large() const noexcept { return answer >= piece_size; }
};

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
