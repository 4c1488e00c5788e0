// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/set_cookie.hpp"

#include "src/cookies/cookie_date.hpp"
#include "src/url_chars.hpp"

#include <headway/headers.hpp>

#include <algorithm>

namespace headway::cookies {
namespace {

using std::chrono::sys_seconds;

constexpr std::chrono::days longest_life(400);
/// More seconds than any cookie lives; what is counted beyond them makes no difference.
constexpr std::int64_t most_seconds = 1'000'000'000;

constexpr std::string_view white_space = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white_space);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

/// What stands in front of the next `mark`, which goes with it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t size = std::min(text.find(mark), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

/// Section 5.6.2: a number of seconds, which may be negative.
std::optional<sys_seconds> parse_max_age(std::string_view text, sys_seconds now) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) value = std::min(value * 10 + (c - '0'), most_seconds);
  if (negative || value == 0) return sys_seconds::min();
  return cap_expiry(now + std::chrono::seconds(value), now);
}

std::string parse_domain(std::string_view text) {
  if (text.starts_with('.')) text.remove_prefix(1);
  std::string domain(text);
  for (char& c : domain) c = detail::url_lower(c);
  return domain;
}

SameSite parse_same_site(std::string_view text) {
  if (equals_ignoring_case(text, "None")) return SameSite::none;
  if (equals_ignoring_case(text, "Lax")) return SameSite::lax;
  if (equals_ignoring_case(text, "Strict")) return SameSite::strict;
  return SameSite::unset;
}

/// The attributes of one field; of several of a name the last counts.
class Attributes {
 public:
  Attributes(SetCookie& cookie, sys_seconds now) : cookie_(cookie), now_(now) {}

  void take(std::string_view attribute) {
    const std::string_view name = trimmed(take_until(attribute, '='));
    const std::string_view value = trimmed(attribute);
    if (value.size() > longest_attribute) return;
    const auto is = [name](std::string_view known) { return equals_ignoring_case(name, known); };
    if (is("Expires")) {
      if (const auto date = parse_cookie_date(value)) expires_ = cap_expiry(*date, now_);
    } else if (is("Max-Age")) {
      if (const auto age = parse_max_age(value, now_)) max_age_ = age;
    } else if (is("Domain")) {
      cookie_.domain = parse_domain(value);
    } else if (is("Path")) {
      cookie_.path.reset();
      if (value.starts_with('/')) cookie_.path = value;
    } else if (is("Secure")) {
      cookie_.secure = true;
    } else if (is("HttpOnly")) {
      cookie_.http_only = true;
    } else if (is("SameSite")) {
      cookie_.same_site = parse_same_site(value);
    }
  }
  /// Max-Age wins over Expires.
  void finish() { cookie_.expires = max_age_ ? max_age_ : expires_; }

 private:
  SetCookie& cookie_;
  sys_seconds now_;
  std::optional<sys_seconds> expires_, max_age_;
};

}  // namespace

sys_seconds cap_expiry(sys_seconds expires, sys_seconds now) { return std::min(expires, now + longest_life); }

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

std::optional<SetCookie> parse_set_cookie(std::string_view field, sys_seconds now) {
  if (has_controls(field)) return std::nullopt;
  std::string_view pair = take_until(field, ';');
  SetCookie cookie;
  if (pair.find('=') != pair.npos) cookie.name = trimmed(take_until(pair, '='));
  cookie.value = trimmed(pair);
  if (cookie.name.empty() && cookie.value.empty()) return std::nullopt;
  if (cookie.name.size() + cookie.value.size() > longest_pair) return std::nullopt;
  Attributes attributes(cookie, now);
  while (!field.empty()) attributes.take(take_until(field, ';'));
  attributes.finish();
  return cookie;
}

}  // namespace headway::cookies
