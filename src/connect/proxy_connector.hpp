// SPDX-License-Identifier: BSL-1.0
#pragma once

// Proxies, on top of whatever opens connections without them.

#include "src/connect/connector.hpp"
#include "src/connect/names.hpp"
#include "src/connect/proxy_login.hpp"
#include "src/connect/tunnel.hpp"

#include <memory>
#include <string>

namespace headway::connect {

/// A route without proxies is left to `below`. For one with a proxy, `below` opens the connection to that,
/// TLS is spoken with it where it is an https proxy, and the tunnel to the route's host is opened on it,
/// unless the route is one whose requests the proxy sends on. `connect` of the timeouts bounds all of that
/// together. Errors: those of `below`, of HttpTunnel and open_socks5_tunnel; for socks5 those of the
/// resolver, too; invalid_option for more than one proxy or a malformed one.
class ProxyConnector final : public Connector {
 public:
  /// `names`: for those that are not to be looked up by the proxy.
  ProxyConnector(std::shared_ptr<Connector> below, std::shared_ptr<Names> names) noexcept
      : below_(std::move(below)), names_(std::move(names)) {}
  detail::Op<Dialled> connect(HttpRoute route, DialTimeouts timeouts) override;

 private:
  struct Attempt;
  static Duration time_left(const Attempt& attempt, const detail::Waiter& waiter);
  detail::Op<Dialled> dial_proxy(const Attempt& attempt);
  detail::Op<Dialled> open_tunnel(Attempt& attempt);
  detail::Op<Tunnelled> tunnel(core::Transport& transport, Attempt& attempt);
  detail::Op<Tunnelled> socks_tunnel(core::Transport& transport, Attempt& attempt);
  detail::Op<Tunnelled> socks_tunnel_to_address(core::Transport& transport, Attempt& attempt);

  std::shared_ptr<Connector> below_;
  std::shared_ptr<Names> names_;
  ProxyLogins logins_;
};

}  // namespace headway::connect
