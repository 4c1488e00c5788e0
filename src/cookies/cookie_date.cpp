// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/cookie_date.hpp"

#include <headway/headers.hpp>

#include <algorithm>
#include <array>

namespace headway::cookies {
namespace {

using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_delimiter(char c) {
  return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

/// Takes `least` to `most` digits off the front; no further digit may follow.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits <= most && is_digit(text[digits]))
    value = value * 10 + (text[digits++] - '0');
  if (digits < least || digits > most) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

struct Time {
  int hour = 0, minute = 0, second = 0;
};

/// "08:49:37", whatever that is no digit behind it.
std::optional<Time> parse_time(std::string_view token) {
  std::array<int, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      if (!token.starts_with(':')) return std::nullopt;
      token.remove_prefix(1);
    }
    const std::optional<int> part = take_number(token, 1, 2);
    if (!part) return std::nullopt;
    parts[i] = *part;
  }
  return Time{parts[0], parts[1], parts[2]};
}

std::optional<unsigned> parse_month(std::string_view token) {
  const auto found = std::find_if(months.begin(), months.end(), [&](std::string_view month) {
    return equals_ignoring_case(token.substr(0, month.size()), month);
  });
  if (found == months.end()) return std::nullopt;
  return static_cast<unsigned>(found - months.begin()) + 1;
}

/// As far as it has been found; the first of each kind counts.
struct Found {
  std::optional<Time> time;
  std::optional<int> day, year;
  std::optional<unsigned> month;

  void take(std::string_view token) {
    if (!time && (time = parse_time(token))) return;
    std::string_view rest = token;
    if (!day && (day = take_number(rest, 1, 2))) return;
    if (!month && (month = parse_month(token))) return;
    rest = token;
    if (!year) year = take_number(rest, 2, 4);
  }
};

std::optional<sys_seconds> to_time(const Found& found) {
  using namespace std::chrono;
  if (!found.time || !found.day || !found.month || !found.year) return std::nullopt;
  const int two_digits = *found.year;
  const int whole = two_digits < 70 ? two_digits + 2000 : two_digits < 100 ? two_digits + 1900 : two_digits;
  const year_month_day date{year(whole), month(*found.month), day(static_cast<unsigned>(*found.day))};
  const auto [h, m, s] = *found.time;
  if (!date.ok() || whole < 1601 || h > 23 || m > 59 || s > 59) return std::nullopt;
  return sys_days(date) + hours(h) + minutes(m) + seconds(s);
}

}  // namespace

std::optional<sys_seconds> parse_cookie_date(std::string_view text) {
  Found found;
  while (!text.empty()) {
    const auto begin = std::find_if_not(text.begin(), text.end(), is_delimiter);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto end = std::find_if(text.begin(), text.end(), is_delimiter);
    const auto size = static_cast<std::size_t>(end - text.begin());
    if (size > 0) found.take(text.substr(0, size));
    text.remove_prefix(size);
  }
  return to_time(found);
}

}  // namespace headway::cookies
