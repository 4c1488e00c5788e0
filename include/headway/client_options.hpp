// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a client is set up. A value.

#include <headway/credentials.hpp>
#include <headway/headers.hpp>
#include <headway/interceptor.hpp>
#include <headway/keep_alive_strategy.hpp>
#include <headway/pool_options.hpp>
#include <headway/proxy.hpp>
#include <headway/query_parameters.hpp>
#include <headway/redirect_strategy.hpp>
#include <headway/request.hpp>
#include <headway/retry_strategy.hpp>
#include <headway/reuse_strategy.hpp>
#include <headway/status_retries.hpp>
#include <headway/timeouts.hpp>
#include <headway/tls_options.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace headway {

class CookieJar;

/// What a server may make a client hold or skip; beyond it the request fails with Condition::limit. All 1 or
/// more where nothing else is said.
struct ResponseLimits {
  std::size_t max_head_size =
      64 * 1024;  ///< bytes: status line and fields, those of 1xx responses included; trailers alike
  std::size_t max_fields = 128;  ///< header fields, and trailer fields
  int max_informational = 16;    ///< 1xx responses before the final one
  std::size_t max_body_size =
      64 * 1024 * 1024;  ///< bytes of body that `send` keeps; a stream has no limit. 0: none at all.
  /// Bytes that a body may swell to by being decoded, in a stream as well; beyond it
  /// Error::decoded_too_large. 0: as many as come.
  std::uint64_t max_decoded_size = 0;
  /// So many times what was received, but 4 MiB in any case, may a body swell to; beyond it
  /// Error::compression_ratio. Honest text stays below 100, deflate cannot pass 1032. 0: any ratio.
  std::uint64_t max_decoding_ratio = 1000;
};

/// IP addresses by "host:port", "[2001:db8::1]:port" included.
using AddressOverrides = std::map<std::string, std::vector<std::string>>;

/// Members out of range throw std::system_error (Error::invalid_option) that names them.
struct ClientOptions {
  PoolOptions pool = {};  ///< of the client's own pool; not used where it is given a manager
  Timeouts timeouts = {};
  TlsOptions tls = {};  ///< for https
  Proxy proxy = {};     ///< none; Proxy::from_environment() takes what the environment says
  ResponseLimits limits = {};
  ContentDecoding decoding = ContentDecoding::on;
  /// Who this client is, by origin: read_netrc() gives what a file says. Sent to those origins alone. A 401
  /// that can be answered is, on the same connection where the server lets it, and never shown; a body that
  /// can be read but once is not sent again, and the 401 is the response. A request with an Authorization
  /// field of its own is sent with that alone, and one whose URL has a user name and password with those, by
  /// Basic and at once.
  Credentials credentials = {};
  /// Where cookies are kept, for this client and whoever else has it; null: they are left alone. A request
  /// with a Cookie field of its own is sent with that alone; what the server sets is kept all the same.
  std::shared_ptr<CookieJar> cookies = nullptr;
  RedirectOptions redirects = {};
  StatusRetries status_retries = {};  ///< none
  KeepAliveStrategy keep_alive_strategy = DefaultKeepAliveStrategy{};
  ReuseStrategy reuse_strategy = DefaultReuseStrategy{};
  RetryStrategy retry_strategy = DefaultRetryStrategy{};
  RedirectStrategy redirect_strategy = DefaultRedirectStrategy{};
  std::vector<Interceptor> interceptors = {};  ///< the first is the outermost

  // What all requests have in common.

  /// What relative URLs of requests are resolved against (RFC 3986 section 5): with "http://api.test/v1/",
  /// "users" is asked at "http://api.test/v1/users", "/users" at "http://api.test/users"; an absolute URL
  /// stays as it is. A name behind the last slash is replaced. Empty: there is none, and URLs have to be
  /// absolute.
  std::string base_url = {};
  /// Sent where a request has no field of that name. On a redirect they are treated as the request's own.
  /// None of Host, Connection, Content-Length, Transfer-Encoding, Expect, Trailer, Proxy-Authorization.
  Headers headers = {};
  /// Put behind the query of each request's URL; not of those that a redirect leads to.
  QueryParameters query = {};
  /// Unset: "headway/VERSION". Empty: no User-Agent is sent. `headers`, and a request's own, win.
  std::optional<std::string> user_agent = std::nullopt;

  // How this client's connections go, whoever's pool they are in: a part of their routes (RouteVia), so that
  // a pool's statistics and caps by route know them by routes with the same.

  /// What a host is taken to be at, in place of a look-up: `{{"api.local:443", {"127.0.0.1"}}}`. 1 to 16
  /// addresses each. What goes through a proxy is looked up all the same. Requests, certificates and cookies
  /// still go by the host's name.
  AddressOverrides resolve = {};
  /// IP address that connections come from; addresses of the other family are left out. Empty: the system's
  /// choice.
  std::string local_address = {};
  /// Network interface that connections are bound to, "eth1"; empty: the system's choice. Before Linux 5.7
  /// this takes CAP_NET_RAW.
  std::string interface = {};
  /// Path of a Unix socket that all requests go to, whatever host their URLs name: "/run/x.sock", at most 107
  /// bytes. Excludes the three above and proxies. Empty: none.
  std::string unix_socket = {};
};

}  // namespace headway
