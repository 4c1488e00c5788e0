// SPDX-License-Identifier: BSL-1.0
#include "src/connect/proxy_connector.hpp"

#include "src/connect/address_order.hpp"
#include "src/connect/http_tunnel.hpp"
#include "src/connect/prefixed_transport.hpp"
#include "src/connect/socks5.hpp"
#include "src/connect/socks5_tunnel.hpp"
#include "src/connect/tls_connector.hpp"
#include "src/connect/tls_registry.hpp"

#include <algorithm>
#include <utility>

namespace headway::connect {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;

namespace {

constexpr std::size_t longest_name = 255;

}  // namespace

/// One connection through one proxy, on its way.
struct ProxyConnector::Attempt {
  const HttpRoute& route;
  const ProxyUrl& proxy;
  DialTimeouts timeouts;
  TimePoint deadline;
  ProxyLoginTries tries;
  // Of a SOCKS5 proxy that is given addresses: those of the host, and what it said of the first ones.
  std::vector<Address> targets = {};
  std::size_t target = 0;
  std::string refused = {};
};

Duration ProxyConnector::time_left(const Attempt& attempt, const Waiter& waiter) {
  if (attempt.deadline == never) return unlimited;
  return std::max(std::chrono::ceil<Duration>(attempt.deadline - waiter.now()), Duration::zero());
}

Op<Dialled> ProxyConnector::connect(HttpRoute route, DialTimeouts timeouts) {
  const auto& proxies = route.via().proxies;
  if (proxies.empty()) co_return co_await below_->connect(route, timeouts);
  const Waiter& waiter = co_await this_waiter;
  if (proxies.size() > 1) co_return Dialled::failure(Error::invalid_option, "route: more than one proxy");
  std::string wrong;
  const std::optional<ProxyUrl> proxy = ProxyUrl::parse(proxies.front(), wrong);
  if (!proxy) co_return Dialled::failure(Error::invalid_option, "route: proxy: " + wrong);
  Attempt attempt{route, *proxy, timeouts, after(waiter.now(), timeouts.connect), {logins_.of(*proxy)}};
  Dialled dialled;
  if (route.via().proxy_use == ProxyUse::forward) {
    dialled = co_await dial_proxy(attempt);
  } else {
    dialled = co_await open_tunnel(attempt);
  }
  if (dialled.error) {
    dialled.detail = "proxy " + proxy->str() + (dialled.detail.empty() ? "" : ": ") + dialled.detail;
  }
  co_return dialled;
}

Op<Dialled> ProxyConnector::dial_proxy(const Attempt& attempt) {
  const Waiter& waiter = co_await this_waiter;
  const ProxyUrl& proxy = attempt.proxy;
  RouteVia via = attempt.route.via();
  via.tls_identity = std::exchange(via.proxy_tls_identity, {});
  via.proxies.clear();
  via.addresses.clear();  // the host's
  via.proxy_use = ProxyUse::tunnel;
  const bool secure = proxy.scheme == ProxyUrl::Scheme::https;
  const HttpRoute route(secure ? "https" : "http", proxy.host, proxy.port, std::move(via));
  std::shared_ptr<const TlsContext> context;
  if (secure) {
    context = find_tls_context(route.via().tls_identity);
    if (!context) co_return Dialled::failure(Error::invalid_option, "route: proxy_tls_identity of no client");
  }
  DialTimeouts left = attempt.timeouts;
  left.connect = time_left(attempt, waiter);
  Dialled dialled = co_await below_->connect(route, left);
  if (dialled.error || !context) co_return dialled;
  co_return co_await TlsConnector::secure(std::move(dialled.transport), std::move(context), route,
                                          {left.tls_handshake, attempt.deadline});
}

Op<Dialled> ProxyConnector::open_tunnel(Attempt& attempt) {
  for (;;) {
    Dialled dialled = co_await dial_proxy(attempt);
    if (dialled.error) co_return dialled;
    Tunnelled ended = co_await tunnel(*dialled.transport, attempt);
    // Each takes a login or an address, of which there are so many.
    if (ended.end == Tunnelled::End::reconnect) continue;
    if (ended.end == Tunnelled::End::open) {
      if (!ended.surplus.empty()) {
        dialled.transport =
            std::make_unique<PrefixedTransport>(std::move(ended.surplus), std::move(dialled.transport));
      }
      co_return dialled;
    }
    Dialled failed = Dialled::failure(ended.error, std::move(ended.detail));
    failed.refusal = std::move(ended.refusal);
    co_return failed;
  }
}

Op<Tunnelled> ProxyConnector::tunnel(core::Transport& transport, Attempt& attempt) {
  if (attempt.proxy.is_socks()) co_return co_await socks_tunnel(transport, attempt);
  HttpTunnel tunnel(transport, authority_of(attempt.route.host(), attempt.route.port()), attempt.tries,
                    attempt.deadline);
  co_return co_await tunnel.open();
}

Op<Tunnelled> ProxyConnector::socks_tunnel(core::Transport& transport, Attempt& attempt) {
  const HttpRoute& route = attempt.route;
  if (route.host().size() > longest_name) {
    co_return Tunnelled::failure(Error::invalid_url, "SOCKS5: a host name of more than 255 bytes");
  }
  if (attempt.proxy.scheme == ProxyUrl::Scheme::socks5 && !Address::of_literal(route.host(), route.port())) {
    co_return co_await socks_tunnel_to_address(transport, attempt);
  }
  const std::string request = socks5::connect_request(route.host(), route.port());
  co_return co_await open_socks5_tunnel(transport, attempt.proxy, request, attempt.deadline);
}

/// To the next of the host's addresses; a proxy that cannot reach it is asked for another, on a connection of
/// its own.
Op<Tunnelled> ProxyConnector::socks_tunnel_to_address(core::Transport& transport, Attempt& attempt) {
  const HttpRoute& route = attempt.route;
  if (attempt.targets.empty()) {
    const std::shared_ptr<const Answer> answer = co_await names_->find(route.host(), attempt.deadline);
    if (answer->error) co_return Tunnelled::failure(answer->error, describe_failure(route.host(), *answer));
    attempt.targets = interleave(answer->addresses);
  }
  Address target = attempt.targets[attempt.target];
  target.set_port(route.port());
  const std::string request = socks5::connect_request(target);
  Tunnelled ended = co_await open_socks5_tunnel(transport, attempt.proxy, request, attempt.deadline);
  if (!ended.target_unreachable) co_return ended;
  if (!attempt.refused.empty()) attempt.refused += ", ";
  attempt.refused += target.str() + ": " + ended.detail;
  ended.detail = attempt.refused;
  if (++attempt.target < attempt.targets.size()) ended.end = Tunnelled::End::reconnect;
  co_return ended;
}

}  // namespace headway::connect
