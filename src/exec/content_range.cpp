// SPDX-License-Identifier: BSL-1.0
#include "src/exec/content_range.hpp"

#include "src/http_date.hpp"

#include <charconv>

namespace headway::exec {

namespace {

/// Takes digits from the front of `text`; nothing where there are none, or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_unit(std::string_view& text) noexcept {
  constexpr std::string_view unit = "bytes";
  if (text.size() <= unit.size()) return false;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if ((text[i] | 0x20) != unit[i]) return false;
  }
  text.remove_prefix(unit.size());
  return take(text, ' ');
}

/// "0-9" or "*".
bool take_range(std::string_view& text, ContentRange& range) noexcept {
  if (take(text, '*')) return true;
  range.first = take_number(text);
  if (!range.first || !take(text, '-')) return false;
  range.last = take_number(text);
  return range.last && *range.last >= *range.first;
}

/// Of another representation than that which has this validator.
bool is_another(const ResponseHead& head, std::string_view validator) noexcept {
  const std::string_view theirs = head.headers[validator.starts_with('"') ? "ETag" : "Last-Modified"];
  return !theirs.empty() && theirs != validator;
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view text) noexcept {
  ContentRange range;
  if (!take_unit(text) || !take_range(text, range) || !take(text, '/')) return std::nullopt;
  if (!take(text, '*')) {
    range.total = take_number(text);
    if (!range.total) return std::nullopt;
  }
  const bool known = range.first || range.total;
  const bool within = !range.last || !range.total || *range.last < *range.total;
  if (!text.empty() || !known || !within) return std::nullopt;
  return range;
}

DownloadStep judge_download(const ResponseHead& head, std::optional<std::uint64_t> have,
                            std::string_view validator) noexcept {
  if (head.status == 200) return DownloadStep::whole;
  if (!have || (head.status != 206 && head.status != 416)) return DownloadStep::other;
  if (is_another(head, validator)) return DownloadStep::again;
  const std::optional<ContentRange> range = parse_content_range(head.headers["Content-Range"]);
  if (head.status == 416) {
    return range && !range->first && range->total == have ? DownloadStep::complete : DownloadStep::again;
  }
  // Less than was asked for is allowed, but no more than a part of the file is there then, and without a
  // total nobody knows.
  if (range && range->last && !range->total) return DownloadStep::again;
  const bool to_the_end = range && range->last && *range->last + 1 == *range->total;
  return to_the_end && range->first == have ? DownloadStep::rest : DownloadStep::wrong;
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
