// SPDX-License-Identifier: BSL-1.0
#include "src/exec/client_core.hpp"

#include "src/connect/tls_registry.hpp"
#include "src/manage/options_check.hpp"

namespace headway::exec {

ClientCore::ClientCore(std::shared_ptr<ConnectionManager> connection_manager, const ClientOptions& options,
                       const asio::any_io_executor* executor)
    : manager(std::move(connection_manager)),
      tls(connect::share_tls_context(options.tls)),
      routes(options, tls ? connect::identity_of(*tls) : std::string()),
      defaults(options),
      max_body_size(options.limits.max_body_size),
      decoding_limits{options.limits.max_decoded_size, options.limits.max_decoding_ratio},
      logins(Logins::of(options.credentials)),
      cookies(options.cookies),
      decodes(options.decoding == ContentDecoding::on && !options.headers.contains("Accept-Encoding")),
      keep_alive(options.keep_alive_strategy),
      reuse(options.reuse_strategy),
      retry(options.retry_strategy),
      redirects(options.redirects),
      redirect(options.redirect_strategy),
      status_retries(options.status_retries),
      interceptors(options.interceptors),
      prepares_requests(!options.interceptors.empty() || defaults.changes_urls()),
      default_reuse(options.reuse_strategy.target<DefaultReuseStrategy>() != nullptr),
      never_reuse(options.reuse_strategy.target<NeverReuse>() != nullptr) {
  require(manager != nullptr, "manager must not be null");
  require(options.limits.max_head_size >= 1, "limits.max_head_size must be 1 or more");
  require(options.limits.max_fields >= 1, "limits.max_fields must be 1 or more");
  require(options.limits.max_informational >= 1, "limits.max_informational must be 1 or more");
  require(keep_alive != nullptr, "keep_alive_strategy must not be empty");
  require(reuse != nullptr, "reuse_strategy must not be empty");
  require(retry != nullptr, "retry_strategy must not be empty; headway::NeverRetry{} turns retries off");
  require(redirects.max_redirects >= 0, "redirects.max_redirects must not be negative");
  require(redirect != nullptr,
          "redirect_strategy must not be empty; redirects.max_redirects = 0 turns it off");
  require(status_retries.max_retries >= 0, "status_retries.max_retries must not be negative");
  require(status_retries.max_wait >= Duration::zero(), "status_retries.max_wait must not be negative");
  check(options.timeouts);
  if (const auto* known = keep_alive.target<DefaultKeepAliveStrategy>()) default_keep_alive = *known;
  budgets = core::merge(options.timeouts, {});
  proxies = ProxyPlan::of(options.proxy, routes);
  require(options.unix_socket.empty() || !proxies, "unix_socket excludes proxy");
  limits.head_bytes = options.limits.max_head_size;
  limits.fields = options.limits.max_fields;
  limits.informational = options.limits.max_informational;
  async = executor != nullptr ? std::make_shared<AsyncHost>(*executor, manager->clock())
                              : std::make_shared<AsyncHost>(manager->clock());
}

HttpRoute ClientCore::route_of(const std::string& text, std::error_code& ec) const {
  std::string detail;
  const Url url = Url::parse(defaults.resolve(text), ec);
  if (!ec && proxies) {
    if (const ProxyHopPtr hop = proxies->choose(url, ec, detail)) {
      return core::route_of(url, &hop->way, {hop, &hop->way.via});
    }
  }
  return ec ? HttpRoute() : core::route_of(url, nullptr, routes.via(core::route_of(url, nullptr, nullptr)));
}

}  // namespace headway::exec
