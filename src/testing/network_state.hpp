// SPDX-License-Identifier: BSL-1.0
#pragma once

// A scripted network's connections, in the order in which they are dialled. Shared by the test's
// ScriptedNetwork and the pools' connectors; thread-safe.

#include "src/testing/connection_script.hpp"

#include <headway/testing/scripted_network.hpp>

#include <memory>
#include <vector>

namespace headway::testing {

class NetworkState {
 public:
  explicit NetworkState(ScriptedNetwork::Script script) : script_(std::move(script)) {}

  ScriptedConnection& connection(std::size_t index);
  std::size_t dials() const;
  bool wait_for_dials(std::size_t count);

  /// The next connection, with its script.
  std::shared_ptr<ConnectionScript> dial(const HttpRoute& route);
  /// The clock was moved.
  void wake();

 private:
  ScriptedConnection& grow_to(std::size_t index);

  const ScriptedNetwork::Script script_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<ScriptedConnection>> connections_;
  std::size_t dials_ = 0;
};

}  // namespace headway::testing
