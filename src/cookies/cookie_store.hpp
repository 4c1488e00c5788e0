// SPDX-License-Identifier: BSL-1.0
#pragma once

// The cookies that are kept: by domain, with what section 5.7 of RFC 6265bis says about those that are there
// already, and the limits. No lock; the time is passed in.

#include "src/cookies/cookie_rules.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cookies {

class CookieStore {
 public:
  CookieStore(std::size_t max_cookies, std::size_t max_per_domain)
      : max_cookies_(max_cookies), max_per_domain_(max_per_domain) {}

  /// Keeps it in place of the one of its name, domain and path, whose age it takes over; one that has expired
  /// only makes that one go. `from_secure`: who sets it is trusted with cookies that are `secure`. False: it
  /// is to be ignored.
  bool put(Cookie cookie, bool from_secure, std::chrono::sys_seconds now);
  /// Those for a request, in the order in which they are sent. They count as used.
  std::vector<const Cookie*> select(const Origin& to, std::chrono::sys_seconds now);
  /// The oldest first.
  std::vector<Cookie> all(std::chrono::sys_seconds now) const;
  /// Returns how many there were.
  std::size_t remove_if(const std::function<bool(const Cookie&)>& unwanted);

 private:
  struct Kept {
    Cookie cookie;
    std::uint64_t created = 0, used = 0;  // the jar's own clock: ticks
  };
  using Domain = std::vector<Kept>;

  bool would_hide_secure(const Cookie& cookie) const;
  void make_room(std::string domain, std::chrono::sys_seconds now);
  void drop_least_wanted(Domain& domain);

  std::size_t max_cookies_, max_per_domain_;
  std::map<std::string, Domain, std::less<>> domains_;
  std::size_t size_ = 0;
  std::uint64_t ticks_ = 0;
};

/// "www.a.test", "a.test", "test": the domains whose cookies a host may get. An address has but itself.
std::vector<std::string_view> domains_above(std::string_view host);

}  // namespace headway::cookies
