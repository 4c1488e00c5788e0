// SPDX-License-Identifier: BSL-1.0
#include "src/testing/network_connector.hpp"

#include <headway/testing/make_pool.hpp>

#include <utility>

namespace headway::testing {

ScriptedNetwork::ScriptedNetwork(Script script) : state_(std::make_shared<NetworkState>(std::move(script))) {}

ScriptedConnection& ScriptedNetwork::connection(std::size_t index) { return state_->connection(index); }
std::size_t ScriptedNetwork::dials() const { return state_->dials(); }
bool ScriptedNetwork::wait_for_dials(std::size_t count) { return state_->wait_for_dials(count); }

std::shared_ptr<PoolingConnectionManager> make_pool(ScriptedNetwork& network, ManualClock& clock,
                                                    PoolOptions options) {
  detail::Environment environment{.connector = std::make_shared<NetworkConnector>(network.state_, clock),
                                  .clock = &clock};
  return std::make_shared<PoolingConnectionManager>(std::move(options), std::move(environment));
}

std::shared_ptr<PoolingConnectionManager> make_pool(ManualClock& clock, PoolOptions options) {
  return std::make_shared<PoolingConnectionManager>(std::move(options), detail::Environment{.clock = &clock});
}

}  // namespace headway::testing
