// SPDX-License-Identifier: BSL-1.0
#pragma once

// The sessions that servers allow to be taken up again. Part of one set of TLS settings, so that none is ever
// taken up under others. Thread-safe.

#include "src/connect/tls_pointers.hpp"

#include <headway/http_route.hpp>

#include <list>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace headway::connect {

class TlsSessions {
 public:
  static constexpr std::size_t most_routes = 1024;  ///< the one unused for longest goes first
  static constexpr std::size_t most_per_route = 8;  ///< the oldest goes first

  void keep(const HttpRoute& route, SessionPtr session);
  /// Null where there is none. One of TLS 1.3 is given away, since its ticket is good for one use
  /// (RFC 8446 section 8.1), one of TLS 1.2 is copied.
  SessionPtr take(const HttpRoute& route);
  void forget(const HttpRoute& route);
  std::size_t size() const;

 private:
  struct Entry {
    HttpRoute route;
    std::vector<SessionPtr> sessions;
  };
  using Entries = std::list<Entry>;
  void erase(Entries::iterator entry);

  mutable std::mutex mutex_;
  Entries entries_;  // under mutex_; the one used last in front
  std::unordered_map<HttpRoute, Entries::iterator> by_route_;
};

}  // namespace headway::connect
