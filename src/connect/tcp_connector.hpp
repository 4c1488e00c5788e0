// SPDX-License-Identifier: BSL-1.0
#pragma once

// Opens plain connections: looks a name up, races its addresses over TCP, or connects to a Unix socket.

#include "src/connect/address_order.hpp"
#include "src/connect/attempt.hpp"
#include "src/connect/connector.hpp"
#include "src/connect/names.hpp"

#include <headway/dial_options.hpp>

#include <memory>
#include <vector>

namespace headway::connect {

/// One deadline for look-up and connecting together. Errors: connect_timeout, connection_refused where every
/// address refused, connect_failed, those of the resolver, and invalid_option for proxies and for what a
/// route names that cannot be: addresses, a Unix socket's path.
class TcpConnector final : public Connector {
 public:
  TcpConnector(DialOptions options, std::shared_ptr<Names> names)
      : options_(std::move(options)), names_(std::move(names)) {}
  detail::Op<Dialled> connect(HttpRoute route, DialTimeouts timeouts) override;

 private:
  detail::Op<Dialled> connect_to_name(const AttemptSettings& settings, TimePoint deadline);
  static detail::Op<Dialled> connect_to_one(const Address& address, const AttemptSettings& settings,
                                            TimePoint deadline);
  detail::Op<Dialled> connect_to_any(std::vector<Address> addresses, const AttemptSettings& settings,
                                     TimePoint deadline);
  static detail::Op<Dialled> connect_to_path(const AttemptSettings& settings, TimePoint deadline);

  DialOptions options_;
  std::shared_ptr<Names> names_;
  FailedAddresses failed_;
};

}  // namespace headway::connect
