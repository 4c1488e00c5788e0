// SPDX-License-Identifier: BSL-1.0

// Set-Cookie fields and lines of a cookie file, whatever they hold: what is kept keeps the rules, can be
// sent, and comes out of a file as it went in.

#include "src/cookies/cookie_date.hpp"
#include "src/cookies/cookie_file.hpp"
#include "src/cookies/cookie_rules.hpp"

#include <headway/cookie_jar.hpp>
#include <headway/headers.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace headway;

constexpr std::chrono::sys_seconds now(std::chrono::seconds(1'800'000'000));

void require(bool holds) {
  if (!holds) std::abort();
}

void check_kept(const Cookie& cookie) {
  require(cookies::is_acceptable(cookie));
  const auto line = cookies::cookie_line(cookie);
  if (!line) return;
  auto again = cookies::parse_cookie_line(std::string_view(*line).substr(0, line->size() - 1));
  // What the format has no room for.
  Cookie plain = cookie;
  plain.same_site = SameSite::unset;
  require(again && *again == plain);
}

void set(std::string_view field, const char* text) {
  const Url url(text);
  auto set = cookies::parse_set_cookie(field, now);
  if (!set) return;
  require(!set->expires || *set->expires <= now + std::chrono::days(400));
  const auto origin = cookies::Origin::of(url);
  const auto cookie = cookies::accept(std::move(*set), origin);
  if (!cookie) return;
  require(cookies::domain_matches(origin.host, cookie->domain));
  if (!cookie->expires || *cookie->expires > now) check_kept(*cookie);
  CookieJar jar({.max_cookies = 2, .max_per_domain = 2, .now = [] { return now; }});
  jar.receive(url, field);
  require(is_field_value(jar.field_for(url)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  cookies::parse_cookie_date(input);
  set(input, "https://www.a.test/x/y");
  set(input, "http://10.0.0.1/");
  if (const auto cookie = cookies::parse_cookie_line(input)) {
    if (cookies::is_acceptable(*cookie)) check_kept(*cookie);
  }
  return 0;
}
