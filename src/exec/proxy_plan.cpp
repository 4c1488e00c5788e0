// SPDX-License-Identifier: BSL-1.0
#include "src/exec/proxy_plan.hpp"

#include "src/connect/tls_registry.hpp"
#include "src/manage/options_check.hpp"

namespace headway::exec {

using connect::ProxyUrl;

namespace {

/// A hook that makes up proxies as it goes must not fill the memory.
constexpr std::size_t most_hooked = 64;

ProxyUrl parse(const std::string& text, const char* member) {
  std::string wrong;
  const std::optional<ProxyUrl> proxy = ProxyUrl::parse(text, wrong);
  require(proxy.has_value(), std::string(member) + " has a malformed " + wrong);
  return *proxy;
}

NoProxy parse_no_proxy(const std::string& text) {
  try {
    return NoProxy(text);
  } catch (const std::system_error& wrong) {
    const std::string what = wrong.what();
    require(false, "proxy." + what.substr(0, what.rfind("\":") + 1) + " is malformed");
    throw;
  }
}

/// Names the member as one of the proxy's.
std::shared_ptr<const connect::TlsContext> share_tls(const TlsOptions& options) {
  try {
    return connect::share_tls_context(options);
  } catch (const std::system_error& wrong) {
    const std::string what = wrong.what();
    throw std::system_error(wrong.code(), "proxy." + what.substr(0, what.rfind(": ")));
  }
}

}  // namespace

std::unique_ptr<ProxyPlan> ProxyPlan::of(const Proxy& options, const ClientRoutes& routes) {
  std::unique_ptr<ProxyPlan> plan(new ProxyPlan(options, routes));
  if (!plan->hook_ && !plan->http_ && !plan->https_) return nullptr;
  return plan;
}

ProxyPlan::ProxyPlan(const Proxy& options, const ClientRoutes& routes)
    : plain_(routes.usual(HttpRoute::Scheme::http)),
      secure_(routes.usual(HttpRoute::Scheme::https)),
      tls_(share_tls(options.tls)),
      sharing_(options.sharing),
      no_proxy_(parse_no_proxy(options.no_proxy)),
      hook_(options.choose) {
  if (!options.url.empty()) {
    const Hops both = make_hops(parse(options.url, "proxy.url"));
    http_ = both.http;
    https_ = both.https;
  }
  if (!options.http.empty()) http_ = make_hops(parse(options.http, "proxy.http")).http;
  if (!options.https.empty()) https_ = make_hops(parse(options.https, "proxy.https")).https;
}

ProxyHop ProxyPlan::make_tunnel(const ProxyUrl& proxy, const RouteVia& via) const {
  ProxyHop hop;
  hop.way.via = via;
  hop.way.via.proxies = {proxy.key};
  if (proxy.scheme == ProxyUrl::Scheme::https && tls_) {
    hop.way.via.proxy_tls_identity = connect::identity_of(*tls_);
  }
  return hop;
}

ProxyPlan::Hops ProxyPlan::make_hops(const ProxyUrl& proxy) {
  const auto secure = std::make_shared<const ProxyHop>(make_tunnel(proxy, secure_));
  ProxyHop forward = make_tunnel(proxy, plain_);
  if (proxy.is_socks()) return {std::make_shared<const ProxyHop>(std::move(forward)), secure};
  forward.way.via.proxy_use = ProxyUse::forward;
  forward.way.form = core::TargetForm::absolute;
  if (sharing_ == ProxySharing::by_proxy) {
    forward.way.shared_host = proxy.host;
    forward.way.shared_port = proxy.port;
  }
  forward.login = logins_.of(proxy);
  return {std::make_shared<const ProxyHop>(std::move(forward)), secure};
}

ProxyHopPtr ProxyPlan::choose(const Url& url, std::error_code& ec, std::string& detail) {
  if (hook_) return choose_by_hook(url, ec, detail);
  const ProxyHopPtr& hop = url.scheme() == "https" ? https_ : http_;
  return hop && !no_proxy_.matches(url.host(), url.port()) ? hop : nullptr;
}

ProxyHopPtr ProxyPlan::choose_by_hook(const Url& url, std::error_code& ec, std::string& detail) {
  const std::string chosen = hook_(url);
  if (chosen.empty()) return nullptr;
  std::string wrong;
  const std::optional<ProxyUrl> proxy = ProxyUrl::parse(chosen, wrong);
  if (!proxy) {
    ec = Error::invalid_option;
    detail = "what proxy.choose returned has a malformed " + wrong;
    return nullptr;
  }
  std::lock_guard lock(mutex_);
  auto found = hooked_.find(proxy->key);
  if (found == hooked_.end()) {
    if (hooked_.size() == most_hooked) hooked_.clear();
    found = hooked_.emplace(proxy->key, make_hops(*proxy)).first;
  }
  return url.scheme() == "https" ? found->second.https : found->second.http;
}

}  // namespace headway::exec
