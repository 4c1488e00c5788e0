// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the routes of one client go via, beyond what the URLs say: read-only once it is made; any thread.

#include <headway/client_options.hpp>
#include <headway/http_route.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace headway::exec {

class ClientRoutes {
 public:
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  /// `tls_identity`: of https routes.
  ClientRoutes(const ClientOptions& options, std::string tls_identity);

  /// Of all but the hosts whose addresses are given.
  RouteVia usual(HttpRoute::Scheme scheme) const;
  /// Null for a direct connection. `origin` may go via anything already.
  const std::shared_ptr<const RouteVia>& via(const HttpRoute& origin) const;

 private:
  void override_addresses(const std::string& key, const std::vector<std::string>& addresses);

  /// By scheme.
  struct Vias {
    std::shared_ptr<const RouteVia> plain, secure;
    const std::shared_ptr<const RouteVia>& of(HttpRoute::Scheme scheme) const {
      return scheme == HttpRoute::Scheme::https ? secure : plain;
    }
  };
  Vias make_vias(const RouteVia& via) const;

  using Ports = std::map<std::uint16_t, Vias>;
  std::string tls_identity_;
  Vias usual_;
  std::map<std::string, Ports> overridden_;  // by host and port
};

}  // namespace headway::exec
