// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/cookie_rules.hpp"

#include "src/cookies/public_suffix.hpp"
#include "src/url_chars.hpp"

#include <headway/headers.hpp>

#include <algorithm>

namespace headway::cookies {
namespace {

bool begins(std::string_view text, std::string_view prefix) {
  return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool is_lower_case_host(std::string_view host) {
  const std::string terminated(host);
  return !host.empty() &&
         (detail::is_ipv6_address(host) ||
          detail::skip_url(terminated.c_str(), detail::url_reg_name) == terminated.c_str() + host.size()) &&
         std::none_of(host.begin(), host.end(),
                      [](char c) { return detail::url_class(c, detail::url_upper); });
}

/// What a name promises must be so, whatever the case it is written in (section 5.7, steps 20 to 22).
bool keeps_prefix(const Cookie& cookie, bool names_path) {
  constexpr std::string_view secure = "__Secure-", host = "__Host-";
  if (cookie.name.empty()) return !begins(cookie.value, secure) && !begins(cookie.value, host);
  if (begins(cookie.name, secure)) return cookie.secure;
  if (begins(cookie.name, host)) return cookie.secure && cookie.host_only && names_path && cookie.path == "/";
  return true;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
}

/// Whose cookie it is. False: nobody's.
bool settle_domain(const std::string& wanted, const std::string& host, Cookie& cookie) {
  cookie.domain = host;
  if (wanted.empty()) return true;
  if (!is_ascii(wanted) || !domain_matches(host, wanted)) return false;
  if (is_address(host)) return true;  // as narrow as it can be
  if (is_public_suffix(wanted)) return wanted == host;
  cookie.domain = wanted;
  cookie.host_only = false;
  return true;
}

}  // namespace

Origin Origin::of(const Url& url) {
  std::string_view host = url.host();
  if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
  return {.host = std::string(host), .path = url.path(), .secure = url.scheme() == "https"};
}

bool is_address(std::string_view host) {
  if (host.find(':') != host.npos) return true;
  const std::string_view last = host.substr(host.rfind('.') + 1);  // npos + 1: the whole
  return !last.empty() && std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool domain_matches(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return !domain.empty() && host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.' && !is_address(host);
}

std::string default_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with('/') || slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

bool path_matches(std::string_view path, std::string_view cookie_path) {
  if (!path.starts_with(cookie_path)) return false;
  return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

std::optional<Cookie> accept(SetCookie set, const Origin& from) {
  if (set.secure && !from.secure) return std::nullopt;
  if (set.same_site == SameSite::none && !set.secure) return std::nullopt;
  Cookie cookie{.name = std::move(set.name),
                .value = std::move(set.value),
                .path = set.path ? *set.path : default_path(from.path),
                .expires = set.expires,
                .secure = set.secure,
                .http_only = set.http_only,
                .same_site = set.same_site};
  if (!settle_domain(set.domain, from.host, cookie)) return std::nullopt;
  if (!keeps_prefix(cookie, set.path.has_value())) return std::nullopt;
  return cookie;
}

bool is_acceptable(const Cookie& cookie) {
  const auto has_end = [](std::string_view text) { return text.find(';') != text.npos; };
  return !(cookie.name.empty() && cookie.value.empty()) && !has_controls(cookie.name) &&
         !has_controls(cookie.value) && !has_controls(cookie.path) && !has_end(cookie.name) &&
         !has_end(cookie.value) && !has_end(cookie.path) && cookie.name.find('=') == std::string::npos &&
         cookie.name.size() + cookie.value.size() <= longest_pair && cookie.path.starts_with('/') &&
         cookie.path.size() <= longest_attribute && cookie.domain.size() <= longest_attribute &&
         is_lower_case_host(cookie.domain) &&
         (cookie.host_only || (!is_address(cookie.domain) && !is_public_suffix(cookie.domain))) &&
         (cookie.same_site != SameSite::none || cookie.secure) && keeps_prefix(cookie, true);
}

bool is_for(const Cookie& cookie, const Origin& to) {
  return (cookie.host_only ? to.host == cookie.domain : domain_matches(to.host, cookie.domain)) &&
         path_matches(to.path, cookie.path) && (to.secure || !cookie.secure);
}

}  // namespace headway::cookies
