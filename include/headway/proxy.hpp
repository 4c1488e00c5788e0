// SPDX-License-Identifier: BSL-1.0
#pragma once

// Which proxy a client's requests take. A value, filled with designated initializers.

#include <headway/tls_options.hpp>
#include <headway/url.hpp>

#include <functional>
#include <optional>
#include <string>

namespace headway {

/// The proxy's URL for a request's URL, or "" for none. Called for each request on the thread that runs it,
/// by several at once where the client is used by several.
using ProxyChoice = std::function<std::string(const Url& url)>;

/// Who may share the connections that carry plain http requests through an http or https proxy.
enum class ProxySharing {
  by_proxy,   ///< all hosts: their route is the proxy's own, `http://proxy:port`, and so are the pool's caps
  by_origin,  ///< requests to one host and port, for proxies that take a connection to belong to one server
};

/// Gives the value of an environment variable; nothing where it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// A proxy's URL is `SCHEME://[USER[:PASSWORD]@]HOST[:PORT]`, without a scheme it is `http`. User name and
/// password are percent-encoded there; they are for the proxy alone. Schemes, with their default ports:
/// - `http` (80), `https` (443; TLS to the proxy): requests to http URLs are sent to the proxy, which sends
///   them on (RFC 9112 section 3.2.2); https goes through a tunnel (CONNECT, RFC 9110 section 9.3.6). A proxy
///   that asks for user name and password gets them by Digest (RFC 7616) where it knows that, else by Basic
///   (RFC 7617), and never before it has asked.
/// - `socks5` (1080): a tunnel for all (RFC 1928, 1929), host names are looked up here; `socks5h`: there.
/// The connect timeout bounds the proxy's part of connecting, whatever it consists of.
///
/// Malformed values throw std::system_error (Error::invalid_option) that names the member when the client is
/// made; what `choose` returns malformed fails its request so.
struct Proxy {
  std::string url = {};       ///< for URLs of both schemes; empty: none
  std::string http = {};      ///< for http URLs, instead of `url`
  std::string https = {};     ///< for https URLs, instead of `url`
  std::string no_proxy = {};  ///< hosts that are reached directly: see NoProxy
  ProxyChoice choose = {};    ///< where it is set it decides alone
  TlsOptions tls = {};        ///< for https proxies; has nothing to do with the client's own
  ProxySharing sharing = ProxySharing::by_proxy;

  /// What http_proxy, https_proxy, all_proxy and no_proxy say. The name in lower case wins over that in
  /// capitals, empty means not set, and HTTP_PROXY is ignored where REQUEST_METHOD is set: in a CGI program
  /// the client of the server may have put it there. No other thread may change the environment meanwhile.
  static Proxy from_environment();
  static Proxy from_environment(const EnvironmentLookup& lookup);
};

}  // namespace headway
