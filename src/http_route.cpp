// SPDX-License-Identifier: BSL-1.0

#include "src/url_chars.hpp"

#include <headway/error.hpp>
#include <headway/headers.hpp>
#include <headway/http_route.hpp>

#include <algorithm>

namespace headway {
namespace {

HttpRoute::Scheme parse_scheme(std::string_view scheme) {
  if (equals_ignoring_case(scheme, "http")) return HttpRoute::Scheme::http;
  if (equals_ignoring_case(scheme, "https")) return HttpRoute::Scheme::https;
  throw std::system_error(Error::unsupported_scheme, "scheme");
}

/// A name at the root of the DNS is the same without its dot; of an address there is nothing to cut.
std::string_view without_root_dot(std::string_view host) noexcept {
  return host.size() > 1 && host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

std::string parse_host(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.starts_with('[') && text.ends_with(']');
  std::string host(bracketed ? text.substr(1, text.size() - 2) : without_root_dot(text));
  for (char& c : host) c = detail::url_lower(c);
  const bool address = bracketed || host.find(':') != host.npos;
  const bool valid =
      address ? detail::is_ipv6_address(host)
              : !host.empty() && host != "." &&
                    detail::skip_url(host.c_str(), detail::url_reg_name) == host.c_str() + host.size();
  if (!valid) throw std::system_error(Error::invalid_url, "host");
  return host;
}

std::uint16_t default_port(HttpRoute::Scheme scheme) noexcept {
  return scheme == HttpRoute::Scheme::https ? 443 : 80;
}

std::shared_ptr<const RouteVia> share(RouteVia via) {
  return via == RouteVia{} ? nullptr : std::make_shared<const RouteVia>(std::move(via));
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) noexcept {
  std::uint64_t x = (seed ^ value) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
  return x ^ (x >> 32);
}

std::uint64_t mix(std::uint64_t seed, std::string_view text) noexcept {
  return mix(seed, static_cast<std::uint64_t>(std::hash<std::string_view>{}(text)));
}

/// Credentials end at the last '@', whatever stands in them.
std::string_view without_credentials(std::string_view proxy, std::string& scheme) {
  const std::size_t sign = proxy.rfind('@');
  if (sign == proxy.npos) return proxy;
  const std::size_t size = detail::scheme_length(proxy);
  if (size > 0 && proxy.substr(size).starts_with("://")) scheme = proxy.substr(0, size + 3);
  return proxy.substr(sign + 1);
}

std::string describe(const RouteVia& via) {
  std::string text;
  const auto append = [&text](std::string_view what, std::string_view value) {
    if (!text.empty()) text += ", ";
    text.append(what).append(value);
  };
  if (!via.local_address.empty()) append("from ", via.local_address);
  if (!via.interface.empty()) append("from ", via.interface);
  for (const std::string& address : via.addresses) append("at ", address);
  for (const std::string& proxy : via.proxies) {
    std::string scheme;
    const std::string_view rest = without_credentials(proxy, scheme);
    append("via ", scheme.append(rest));
  }
  if (!via.tls_identity.empty()) append("TLS ", via.tls_identity);
  if (!via.unix_socket.empty()) append("unix ", via.unix_socket);
  return text;
}

}  // namespace

HttpRoute::HttpRoute(std::string_view scheme, std::string_view host, std::uint16_t port, Via via)
    : host_(parse_host(host)), via_(share(std::move(via))), port_(port), scheme_(parse_scheme(scheme)) {
  if (port_ == 0) port_ = default_port(scheme_);
  compute_hash();
}

HttpRoute HttpRoute::of_origin(Scheme scheme, std::string_view host, std::uint16_t port,
                               std::shared_ptr<const Via> via) {
  HttpRoute route;
  route.host_ = without_root_dot(host);
  route.via_ = via && *via == Via{} ? nullptr : std::move(via);
  route.port_ = port;
  route.scheme_ = scheme;
  route.compute_hash();
  return route;
}

const HttpRoute::Via& HttpRoute::via() const noexcept {
  static const Via direct;
  return via_ ? *via_ : direct;
}

std::string HttpRoute::str() const {
  const bool address = host_.find(':') != host_.npos;
  std::string text = secure() ? "https://" : "http://";
  if (address) text += '[';
  text += host_;
  if (address) text += ']';
  text.append(":").append(std::to_string(port_));
  if (via_) text.append(" [").append(describe(*via_)).append("]");
  return text;
}

void HttpRoute::compute_hash() noexcept {
  std::uint64_t hash = mix(std::uint64_t{port_} << 1 | (secure() ? 1u : 0u), host_);
  if (via_) {
    hash = mix(hash, via_->local_address);
    hash = mix(hash, via_->interface);
    for (const std::string& address : via_->addresses) hash = mix(hash, address);
    hash = mix(hash, via_->addresses.size());
    for (const std::string& proxy : via_->proxies) hash = mix(hash, proxy);
    hash = mix(hash, via_->proxies.size() << 1 | (via_->proxy_use == ProxyUse::forward ? 1u : 0u));
    hash = mix(hash, via_->tls_identity);
    hash = mix(hash, via_->proxy_tls_identity);
    hash = mix(hash, via_->unix_socket);
  }
  hash_ = static_cast<std::size_t>(hash);
}

}  // namespace headway
