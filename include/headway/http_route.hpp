// SPDX-License-Identifier: BSL-1.0
#pragma once

// Where a connection goes and how it gets there: the pool's whole key. Two requests that differ in any part
// of it never share a connection. An immutable value, cheap to copy, with its hash computed once; any thread.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway {

/// What a route's proxy does for it.
enum class ProxyUse : std::uint8_t {
  tunnel,   ///< it passes on bytes, after a CONNECT or by SOCKS
  forward,  ///< it takes whole requests for http URLs and sends them on (RFC 9112 section 3.2.2)
};

/// Everything that a direct connection over plain TCP or default TLS does not need.
struct RouteVia {
  std::string local_address = {};           ///< IP address to bind to; empty: the system's choice
  std::string interface = {};               ///< network interface to bind to; empty: the system's choice
  std::vector<std::string> addresses = {};  ///< IP addresses that replace the host's look-up, at most 16
  std::vector<std::string> proxies = {};    ///< their URLs, with their credentials; at most one
  ProxyUse proxy_use = ProxyUse::tunnel;    ///< means nothing without a proxy
  std::string proxy_tls_identity = {};      ///< as tls_identity, for an https proxy
  /// Names one set of TLS settings that a client has, see Client::route; empty: the default ones.
  std::string tls_identity = {};
  std::string unix_socket = {};  ///< path of a Unix socket that replaces host and port for connecting
  friend bool operator==(const RouteVia&, const RouteVia&) = default;
};

class HttpRoute {
 public:
  enum class Scheme : std::uint8_t { http, https };

  using Via = RouteVia;

  HttpRoute() = default;
  /// `host` is lower-cased and loses its brackets and one trailing dot. Port 0 is the scheme's default.
  /// Throws std::system_error: Error::unsupported_scheme, Error::invalid_url (a host with bytes that no host
  /// has).
  HttpRoute(std::string_view scheme, std::string_view host, std::uint16_t port = 0, Via via = {});

  Scheme scheme() const noexcept { return scheme_; }
  bool secure() const noexcept { return scheme_ == Scheme::https; }
  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }
  const Via& via() const noexcept;
  std::size_t hash() const noexcept { return hash_; }

  /// "http://host:port", with what it goes via in brackets behind it; never credentials. For people and logs.
  std::string str() const;

  friend bool operator==(const HttpRoute& a, const HttpRoute& b) noexcept {
    return a.hash_ == b.hash_ && a.port_ == b.port_ && a.scheme_ == b.scheme_ && a.host_ == b.host_ &&
           (a.via_ == b.via_ || a.via() == b.via());
  }

  /// For hosts known to be lower-cased and valid, as a Url's are: no checks. `via` may be null.
  static HttpRoute of_origin(Scheme scheme, std::string_view host, std::uint16_t port,
                             std::shared_ptr<const Via> via);

 private:
  void compute_hash() noexcept;

  std::string host_;
  std::size_t hash_ = 0;
  std::shared_ptr<const Via> via_;  // null: direct
  std::uint16_t port_ = 0;
  Scheme scheme_ = Scheme::http;
};

}  // namespace headway

template <>
struct std::hash<headway::HttpRoute> {
  std::size_t operator()(const headway::HttpRoute& route) const noexcept { return route.hash(); }
};
