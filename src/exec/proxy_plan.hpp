// SPDX-License-Identifier: BSL-1.0
#pragma once

// Which of a client's requests take which proxy. Made with the client; thread-safe.

#include "src/connect/proxy_login.hpp"
#include "src/connect/proxy_url.hpp"
#include "src/core/way.hpp"
#include "src/exec/client_routes.hpp"

#include <headway/no_proxy.hpp>
#include <headway/proxy.hpp>
#include <headway/url.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>

namespace headway::connect {
class TlsContext;
}

namespace headway::exec {

/// How requests of one scheme take one proxy.
struct ProxyHop {
  core::Way way;
  std::shared_ptr<connect::ProxyLogin> login;  ///< for requests that the proxy sends on; null: none

  bool forwards() const noexcept { return way.via.proxy_use == ProxyUse::forward; }
};

using ProxyHopPtr = std::shared_ptr<const ProxyHop>;

class ProxyPlan {
 public:
  /// `routes`: what the client's routes go via besides. Null where there is no proxy. Throws
  /// std::system_error (Error::invalid_option) that names the member.
  static std::unique_ptr<ProxyPlan> of(const Proxy& options, const ClientRoutes& routes);

  /// Null where the URL is reached without a proxy. What the hook throws comes through. Errors:
  /// invalid_option where the hook's answer is malformed; `detail` says so.
  ProxyHopPtr choose(const Url& url, std::error_code& ec, std::string& detail);

 private:
  struct Hops {
    ProxyHopPtr http, https;
  };
  ProxyPlan(const Proxy& options, const ClientRoutes& routes);
  ProxyHop make_tunnel(const connect::ProxyUrl& proxy, const RouteVia& via) const;
  Hops make_hops(const connect::ProxyUrl& proxy);
  ProxyHopPtr choose_by_hook(const Url& url, std::error_code& ec, std::string& detail);

  RouteVia plain_, secure_;
  std::shared_ptr<const connect::TlsContext> tls_;  // of https proxies; kept for the connections to come
  ProxySharing sharing_;
  NoProxy no_proxy_;
  ProxyChoice hook_;
  ProxyHopPtr http_, https_;
  connect::ProxyLogins logins_;
  std::mutex mutex_;
  std::map<std::string, Hops, std::less<>> hooked_;  // under mutex_: what the hook has answered
};

}  // namespace headway::exec
