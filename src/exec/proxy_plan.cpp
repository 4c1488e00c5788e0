// SPDX-License-Identifier: BSL-1.0
#include "src/exec/proxy_plan.hpp"

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

}  // namespace

std::unique_ptr<ProxyPlan> ProxyPlan::of(const Proxy& options, const RouteVia& via) {
  std::unique_ptr<ProxyPlan> plan(new ProxyPlan(options, via));
  if (!plan->hook_ && !plan->http_ && !plan->https_) return nullptr;
  return plan;
}

ProxyPlan::ProxyPlan(const Proxy& options, RouteVia via)
    : via_(std::move(via)),
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

ProxyPlan::Hops ProxyPlan::make_hops(const ProxyUrl& proxy) {
  ProxyHop tunnel;
  tunnel.way.via = via_;
  tunnel.way.via.proxies = {proxy.key};
  const auto tunnelled = std::make_shared<const ProxyHop>(tunnel);
  if (proxy.is_socks()) return {tunnelled, tunnelled};
  ProxyHop forward = tunnel;
  forward.way.via.proxy_use = ProxyUse::forward;
  forward.way.form = core::TargetForm::absolute;
  if (sharing_ == ProxySharing::by_proxy) {
    forward.way.shared_host = proxy.host;
    forward.way.shared_port = proxy.port;
  }
  forward.login = logins_.of(proxy);
  return {std::make_shared<const ProxyHop>(std::move(forward)), tunnelled};
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
