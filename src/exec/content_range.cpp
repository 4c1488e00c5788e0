// SPDX-License-Identifier: BSL-1.0
#include "src/exec/content_range.hpp"

#include "src/http_date.hpp"

#include <headway/range.hpp>

namespace headway::exec {

namespace {

/// Of another representation than that which has this validator.
bool is_another(const ResponseHead& head, std::string_view validator) noexcept {
  const std::string_view theirs = head.headers[validator.starts_with('"') ? "ETag" : "Last-Modified"];
  return !theirs.empty() && theirs != validator;
}

}  // namespace

DownloadStep judge_download(const ResponseHead& head, std::optional<std::uint64_t> have,
                            std::string_view validator) noexcept {
  if (head.status == 200) return DownloadStep::whole;
  if (!have || (head.status != 206 && head.status != 416)) return DownloadStep::other;
  if (is_another(head, validator)) return DownloadStep::again;
  const std::optional<ContentRange> range = parse_content_range(head.headers["Content-Range"]);
  if (head.status == 416) {
    return range && !range->bytes && range->total == have ? DownloadStep::complete : DownloadStep::again;
  }
  // Less than was asked for is allowed, but no more than a part of the file is there then, and without a
  // total nobody knows.
  if (range && !range->total) return DownloadStep::again;
  const bool to_the_end = range && range->bytes && range->bytes->last + 1 == *range->total;
  return to_the_end && range->bytes->first == have ? DownloadStep::rest : DownloadStep::wrong;
}

std::string_view range_validator(const Headers& headers, std::chrono::sys_seconds now) {
  const std::string_view tag = headers["ETag"];
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') return tag;
  if (!tag.empty()) return {};
  const std::string_view modified = headers["Last-Modified"];
  const auto then = parse_http_date(modified, now), date = parse_http_date(headers["Date"], now);
  return then && date && *date - *then >= std::chrono::seconds(1) ? modified : std::string_view();
}

}  // namespace headway::exec
