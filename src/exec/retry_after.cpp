// SPDX-License-Identifier: BSL-1.0
#include "src/exec/retry_after.hpp"

#include "src/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace headway::exec {

namespace {

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view value, std::chrono::sys_seconds date) {
  if (is_digits(value)) {
    std::int32_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    return error == std::errc() ? std::chrono::seconds(seconds) : unlimited;
  }
  const std::optional<std::chrono::sys_seconds> until = parse_http_date(value, date);
  if (!until) return std::nullopt;
  return std::max<Duration>(*until - date, Duration::zero());
}

std::optional<Duration> retry_after_of(const Headers& headers, std::chrono::sys_seconds now) {
  if (headers.count("Retry-After") != 1) return std::nullopt;
  const std::optional<std::chrono::sys_seconds> date = parse_http_date(headers["Date"], now);
  return parse_retry_after(headers["Retry-After"], date.value_or(now));
}

}  // namespace headway::exec
