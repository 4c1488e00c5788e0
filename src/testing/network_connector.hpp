// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a pool comes to the connections of a scripted network. Owned by the pool; thread-safe.

#include "src/connect/connector.hpp"
#include "src/testing/network_state.hpp"

#include <memory>

namespace headway::testing {

class NetworkConnector final : public connect::Connector {
 public:
  /// The clock must outlive it.
  NetworkConnector(std::shared_ptr<NetworkState> network, ManualClock& clock);
  NetworkConnector(const NetworkConnector&) = delete;
  NetworkConnector& operator=(const NetworkConnector&) = delete;
  ~NetworkConnector() override;

  detail::Op<connect::Dialled> connect(HttpRoute route, connect::DialTimeouts timeouts) override;

 private:
  std::shared_ptr<NetworkState> network_;
  ManualClock& clock_;
};

}  // namespace headway::testing
