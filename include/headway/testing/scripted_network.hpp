// SPDX-License-Identifier: BSL-1.0
#pragma once

// A network without sockets: connections to any host open, fail, bring and take what the test says, byte for
// byte, which no real server can be made to do at will. Owned by the test; thread-safe.

#include <headway/testing/scripted_connection.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace headway {
class PoolingConnectionManager;
struct PoolOptions;
}  // namespace headway

namespace headway::testing {

class ManualClock;
class NetworkState;

/// What stands beneath a pool of `make_pool`, which it need not outlive. References to its connections are
/// valid as long as it lives.
class ScriptedNetwork {
 public:
  /// Called for each connection when it is dialled, on the thread that dials, before anything else happens to
  /// it; it must not wait. An exception comes out of the call that dials. What it refers to must outlive the
  /// pool.
  using Script = std::function<void(ScriptedConnection&)>;

  ScriptedNetwork() : ScriptedNetwork(Script()) {}
  explicit ScriptedNetwork(Script script);
  ScriptedNetwork(const ScriptedNetwork&) = delete;
  ScriptedNetwork& operator=(const ScriptedNetwork&) = delete;

  /// The one that is dialled as number `index`, counted from 0; it may be scripted before that.
  ScriptedConnection& connection(std::size_t index);
  /// How many have been dialled.
  std::size_t dials() const;
  /// Until `count` have been dialled, their deadlines set; false after `patience`.
  [[nodiscard]] bool wait_for_dials(std::size_t count);

 private:
  friend std::shared_ptr<PoolingConnectionManager> make_pool(ScriptedNetwork& network, ManualClock& clock,
                                                             PoolOptions options);
  std::shared_ptr<NetworkState> state_;
};

}  // namespace headway::testing
