// SPDX-License-Identifier: BSL-1.0
#pragma once

// The sockets that an earlier plan has left behind, TIME_WAIT above all, which lasts for a minute: they are
// not to be counted again as the next plan's. A value; reading it is safe on any thread.

#include "survey/socket_census.hpp"

#include <map>
#include <utility>
#include <vector>

namespace survey {

class SocketBaseline {
 public:
  SocketBaseline() = default;
  explicit SocketBaseline(const SeenSockets& sockets);

  /// Whether it is one of those, rather than a new socket on the ends of an old one: the system gives the
  /// port of a TIME_WAIT socket to a new connection if it runs short of ports.
  bool holds(const SeenSocket& socket) const;

  /// Counts all that are there now but for those.
  Census take(const std::vector<Endpoint>& servers) const;

 private:
  std::map<std::pair<Endpoint, Endpoint>, SeenSocket> sockets_;  // by both ends
};

}  // namespace survey
