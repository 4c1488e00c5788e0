// SPDX-License-Identifier: BSL-1.0
#include "src/exec/redirect_plan.hpp"

#include <headway/error.hpp>
#include <headway/method.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace headway::exec {
namespace {

constexpr std::array<std::string_view, 8> for_one_origin = {
    "Host",    "Authorization",       "Cookie",    "Cookie2",
    "Referer", "Proxy-Authorization", "X-Api-Key", "X-Auth-Token"};

void drop_sensitive(const RedirectOptions& options, Headers& headers) {
  for (const std::string_view name : for_one_origin) headers.erase(name);
  for (const std::string& name : options.sensitive_headers) headers.erase(name);
}

/// Everything that describes a body (RFC 9110 section 8).
void drop_body(Request& request) {
  request.body = {};
  request.trailers.clear();
  Headers kept;
  for (const auto [name, value] : request.headers) {
    if (!equals_ignoring_case(name.substr(0, 8), "Content-")) kept.add(name, value);
  }
  request.headers = std::move(kept);
}

/// The same URL with another user name and password, or none.
std::string with_userinfo(const Url& url, std::string_view userinfo) {
  std::string text(url.scheme());
  text.append("://");
  if (!userinfo.empty()) text.append(userinfo).append("@");
  text.append(url.host_field()).append(url.target());
  if (!url.fragment().empty()) text.append("#").append(url.fragment());
  return text;
}

}  // namespace

bool same_origin(const Url& a, const Url& b) noexcept {
  return a.scheme() == b.scheme() && a.host() == b.host() && a.port() == b.port();
}

std::optional<RedirectPlan> plan_redirect(const Url& from, const Body& request_body, NextRequest next,
                                          Downgrade downgrade, std::error_code& ec) {
  ec.clear();
  const Url to = Url::parse(next.url, ec);
  if (ec || !is_valid_method(next.method)) {
    ec = Error::invalid_option;
    return std::nullopt;
  }
  if (next.body == RedirectBody::keep && !request_body.replayable()) return std::nullopt;
  if (downgrade == Downgrade::refuse && from.scheme() == "https" && to.scheme() == "http") {
    ec = Error::insecure_redirect;
    return std::nullopt;
  }
  const bool leaves = !same_origin(from, to);
  return RedirectPlan{.method = std::move(next.method),
                      .url = with_userinfo(to, leaves ? std::string_view() : from.userinfo()),
                      .leaves_origin = leaves,
                      .body = next.body};
}

void follow(const RedirectPlan& plan, const RedirectOptions& options, Request& request) {
  request.method = plan.method;
  request.url = plan.url;
  request.options.scope = Scope::resource;
  if (plan.body == RedirectBody::drop) drop_body(request);
  if (plan.leaves_origin) drop_sensitive(options, request.headers);
}

std::string_view without_fragment(std::string_view url) noexcept { return url.substr(0, url.find('#')); }

}  // namespace headway::exec
