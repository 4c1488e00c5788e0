// SPDX-License-Identifier: BSL-1.0

// Retry-After, dates and Content-Range of any bytes: no wait is negative, and no range contradicts itself.

#include "src/exec/retry_after.hpp"
#include "src/http_date.hpp"

#include <headway/range.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headway;
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

  const auto wait = exec::parse_retry_after(value, now);
  require(!wait || *wait >= Duration::zero());
  if (const auto date = parse_http_date(value, now)) {
    require(wait.has_value());
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(*date));
    require(day.ok() && static_cast<int>(day.year()) >= 0 && static_cast<int>(day.year()) <= 10000);
  }
  if (const auto range = parse_content_range(value)) {
    require(range->bytes || range->total);
    if (range->bytes) require(range->bytes->first <= range->bytes->last);
    if (range->bytes && range->total) require(range->bytes->last < *range->total);
  }
  return 0;
}
