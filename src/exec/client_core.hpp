// SPDX-License-Identifier: BSL-1.0
#pragma once

// What all calls of one client share: read-only once the client is made, kept alive by its streams
// and operations.

#include "src/coding/body_decoder.hpp"
#include "src/core/deadlines.hpp"
#include "src/core/response_reader.hpp"
#include "src/exec/async_host.hpp"
#include "src/exec/client_defaults.hpp"
#include "src/exec/client_routes.hpp"
#include "src/exec/logins.hpp"
#include "src/exec/proxy_plan.hpp"

#include <headway/client_options.hpp>
#include <headway/connection_manager.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace headway::connect {
class TlsContext;
}

namespace headway::exec {

struct ClientCore {
  std::shared_ptr<ConnectionManager> manager;
  std::shared_ptr<const connect::TlsContext> tls;  ///< kept for the connections that will be opened
  ClientRoutes routes;
  ClientDefaults defaults;
  core::Budgets budgets;
  core::ReadLimits limits;
  std::size_t max_body_size = 0;
  coding::DecodingLimits decoding_limits;
  std::unique_ptr<const Logins> logins;  ///< null: there are none
  std::shared_ptr<CookieJar> cookies;    ///< null: there are none
  bool decodes = true;                   ///< where a request says nothing else
  KeepAliveStrategy keep_alive;
  ReuseStrategy reuse;
  RetryStrategy retry;
  RedirectOptions redirects;
  RedirectStrategy redirect;
  StatusRetries status_retries;
  std::vector<Interceptor> interceptors;
  bool prepares_requests = false;  ///< they are not sent as they are, whatever they say
  std::optional<DefaultKeepAliveStrategy> default_keep_alive;  ///< what `keep_alive` is, if it is that
  bool default_reuse = true;  ///< the strategy adds nothing to the library's own check
  bool never_reuse = false;   ///< the strategy is NeverReuse: requests say `Connection: close`

  std::unique_ptr<ProxyPlan> proxies;  ///< null: there are none
  std::shared_ptr<AsyncHost> async;

  /// `executor`: null for a thread of its own. Throws std::system_error (Error::invalid_option) that names
  /// the member out of range.
  ClientCore(std::shared_ptr<ConnectionManager> connection_manager, const ClientOptions& options,
             const asio::any_io_executor* executor);

  /// Errors: those of Url::parse and ProxyPlan::choose.
  HttpRoute route_of(const std::string& url, std::error_code& ec) const;
};

}  // namespace headway::exec
