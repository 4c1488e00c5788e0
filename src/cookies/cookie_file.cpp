// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/cookie_file.hpp"

#include "src/url_chars.hpp"

#include <array>
#include <charconv>

namespace headway::cookies {
namespace {

using std::chrono::sys_seconds;

/// A cookie that scripts may not see stands behind it, in what would be a comment otherwise.
constexpr std::string_view http_only_mark = "#HttpOnly_";

enum Column : std::size_t { domain, below, path, secure, expires, name, value, columns };

/// False where there are more or fewer; an empty value may lack its tab.
bool split(std::string_view line, std::array<std::string_view, columns>& fields) {
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t tab = line.find('\t');
    fields[i] = line.substr(0, tab);
    if (tab == line.npos) return i + 1 >= value;
    line.remove_prefix(tab + 1);
  }
  return false;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "TRUE") return true;
  if (text == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Cookie> parse_cookie_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  Cookie cookie;
  cookie.http_only = line.starts_with(http_only_mark);
  if (cookie.http_only) line.remove_prefix(http_only_mark.size());
  if (line.starts_with('#')) return std::nullopt;
  std::array<std::string_view, columns> fields;
  if (!split(line, fields)) return std::nullopt;
  const std::optional<bool> is_below = parse_flag(fields[below]), is_secure = parse_flag(fields[secure]);
  const std::optional<std::int64_t> seconds = parse_seconds(fields[expires]);
  if (!is_below || !is_secure || !seconds) return std::nullopt;
  if (fields[domain].starts_with('.')) fields[domain].remove_prefix(1);
  for (const char c : fields[domain]) cookie.domain += detail::url_lower(c);
  cookie.host_only = !*is_below;
  cookie.path = fields[path];
  cookie.secure = *is_secure;
  if (*seconds != 0) cookie.expires = sys_seconds(std::chrono::seconds(*seconds));
  cookie.name = fields[name];
  cookie.value = fields[value];
  return cookie;
}

std::optional<std::string> cookie_line(const Cookie& cookie) {
  for (const std::string* field : {&cookie.domain, &cookie.path, &cookie.name, &cookie.value})
    if (field->find('\t') != field->npos) return std::nullopt;
  std::string line(cookie.http_only ? http_only_mark : "");
  line.append(cookie.host_only ? "" : ".").append(cookie.domain);
  line.append(cookie.host_only ? "\tFALSE\t" : "\tTRUE\t").append(cookie.path);
  line.append(cookie.secure ? "\tTRUE\t" : "\tFALSE\t");
  line += std::to_string(cookie.expires ? cookie.expires->time_since_epoch().count() : 0);
  return line.append("\t").append(cookie.name).append("\t").append(cookie.value).append("\n");
}

std::string_view cookie_file_head() { return "# Netscape HTTP Cookie File\n\n"; }

}  // namespace headway::cookies
