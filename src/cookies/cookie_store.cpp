// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/cookie_store.hpp"

#include <algorithm>
#include <tuple>

namespace headway::cookies {

using std::chrono::sys_seconds;

namespace {

bool has_expired(const Cookie& cookie, sys_seconds now) { return cookie.expires && *cookie.expires <= now; }

bool same_place(const Cookie& a, const Cookie& b) {
  return a.name == b.name && a.path == b.path && a.host_only == b.host_only;
}

}  // namespace

std::vector<std::string_view> domains_above(std::string_view host) {
  std::vector<std::string_view> domains{host};
  if (is_address(host)) return domains;
  for (std::size_t dot = host.find('.'); dot != host.npos; dot = host.find('.')) {
    host.remove_prefix(dot + 1);
    domains.push_back(host);
  }
  return domains;
}

/// Section 5.7, step 16: an insecure server neither replaces nor hides a cookie of a secure one.
bool CookieStore::would_hide_secure(const Cookie& cookie) const {
  const auto is_hidden = [&cookie](const Kept& kept) {
    return kept.cookie.secure && kept.cookie.name == cookie.name &&
           path_matches(cookie.path, kept.cookie.path);
  };
  return std::any_of(domains_.begin(), domains_.end(), [&](const auto& domain) {
    return (domain_matches(domain.first, cookie.domain) || domain_matches(cookie.domain, domain.first)) &&
           std::any_of(domain.second.begin(), domain.second.end(), is_hidden);
  });
}

bool CookieStore::put(Cookie cookie, bool from_secure, sys_seconds now) {
  if (!from_secure && !cookie.secure && would_hide_secure(cookie)) return false;
  Domain& domain = domains_[cookie.domain];
  const auto old = std::find_if(domain.begin(), domain.end(),
                                [&](const Kept& kept) { return same_place(kept.cookie, cookie); });
  const bool ends = has_expired(cookie, now);
  std::string name = cookie.domain;
  if (old != domain.end()) {
    if (ends) {
      domain.erase(old);
      --size_;
    } else {
      old->cookie = std::move(cookie);
      old->used = ++ticks_;
    }
  } else if (!ends) {
    ++ticks_;
    domain.push_back({std::move(cookie), ticks_, ticks_});
    ++size_;
  }
  make_room(std::move(name), now);
  return true;
}

/// Within the limits, and no domain without cookies is kept.
void CookieStore::make_room(std::string name, sys_seconds now) {
  if (domains_[name].size() > max_per_domain_ || size_ > max_cookies_)
    remove_if([now](const Cookie& cookie) { return has_expired(cookie, now); });
  const auto mine = domains_.find(name);
  if (mine != domains_.end()) {
    if (mine->second.size() > max_per_domain_) drop_least_wanted(mine->second);
    if (mine->second.empty()) domains_.erase(mine);
  }
  if (size_ <= max_cookies_) return;
  const auto least_used = [](const Domain& domain) {
    return std::min_element(domain.begin(), domain.end(),
                            [](const Kept& a, const Kept& b) { return a.used < b.used; });
  };
  const auto victim = std::min_element(domains_.begin(), domains_.end(), [&](const auto& a, const auto& b) {
    return least_used(a.second)->used < least_used(b.second)->used;
  });
  victim->second.erase(least_used(victim->second));
  --size_;
  if (victim->second.empty()) domains_.erase(victim);
}

void CookieStore::drop_least_wanted(Domain& domain) {
  domain.erase(std::min_element(domain.begin(), domain.end(), [](const Kept& a, const Kept& b) {
    return std::tuple(a.cookie.secure, a.used) < std::tuple(b.cookie.secure, b.used);
  }));
  --size_;
}

std::vector<const Cookie*> CookieStore::select(const Origin& to, sys_seconds now) {
  std::vector<Kept*> chosen;
  for (const std::string_view name : domains_above(to.host)) {
    const auto domain = domains_.find(name);
    if (domain == domains_.end()) continue;
    for (Kept& kept : domain->second) {
      if (is_for(kept.cookie, to) && !has_expired(kept.cookie, now)) chosen.push_back(&kept);
    }
  }
  std::sort(chosen.begin(), chosen.end(), [](const Kept* a, const Kept* b) {
    if (a->cookie.path.size() != b->cookie.path.size()) return a->cookie.path.size() > b->cookie.path.size();
    return a->created < b->created;
  });
  std::vector<const Cookie*> cookies;
  for (Kept* kept : chosen) {
    kept->used = ++ticks_;
    cookies.push_back(&kept->cookie);
  }
  return cookies;
}

std::vector<Cookie> CookieStore::all(sys_seconds now) const {
  std::vector<const Kept*> kept;
  for (const auto& [name, domain] : domains_) {
    for (const Kept& each : domain) {
      if (!has_expired(each.cookie, now)) kept.push_back(&each);
    }
  }
  std::sort(kept.begin(), kept.end(), [](const Kept* a, const Kept* b) { return a->created < b->created; });
  std::vector<Cookie> cookies;
  cookies.reserve(kept.size());
  for (const Kept* each : kept) cookies.push_back(each->cookie);
  return cookies;
}

std::size_t CookieStore::remove_if(const std::function<bool(const Cookie&)>& unwanted) {
  std::size_t removed = 0;
  for (auto domain = domains_.begin(); domain != domains_.end();) {
    removed += std::erase_if(domain->second, [&](const Kept& kept) { return unwanted(kept.cookie); });
    domain = domain->second.empty() ? domains_.erase(domain) : std::next(domain);
  }
  size_ -= removed;
  return removed;
}

}  // namespace headway::cookies
