// SPDX-License-Identifier: BSL-1.0
#pragma once

// Look-up, then the addresses in turn, over plain TCP.

#include "src/connect/connector.hpp"
#include "src/connect/resolver.hpp"

#include <memory>

namespace headway::connect {

/// An address that does not answer gets its share of the time that is left, so that the next ones have
/// theirs. Errors: connect_timeout, connection_refused where every address refused, connect_failed, those of
/// the resolver, invalid_option for proxies, Unix sockets and for a local address that is none.
class TcpConnector final : public Connector {
 public:
  explicit TcpConnector(std::shared_ptr<Resolver> resolver) noexcept : resolver_(std::move(resolver)) {}
  detail::Op<Dialled> connect(HttpRoute route, DialTimeouts timeouts) override;

 private:
  detail::Op<Dialled> resolve(const HttpRoute& route, TimePoint deadline, std::vector<Address>& addresses);
  static detail::Op<Dialled> connect_to(const Address& address, const HttpRoute& route, TimePoint deadline);

  std::shared_ptr<Resolver> resolver_;
};

}  // namespace headway::connect
