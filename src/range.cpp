// SPDX-License-Identifier: BSL-1.0
#include <headway/headers.hpp>
#include <headway/range.hpp>

#include <charconv>

namespace headway {
namespace {

/// Digits alone, and no more than fit.
std::optional<std::uint64_t> to_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<ContentRange::Bytes> to_bytes(std::string_view text) noexcept {
  const std::size_t dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  const std::optional<std::uint64_t> first = to_number(text.substr(0, dash));
  const std::optional<std::uint64_t> last = to_number(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return ContentRange::Bytes{*first, *last};
}

}  // namespace

std::string bytes_from(std::uint64_t first) { return "bytes=" + std::to_string(first) + "-"; }

std::string bytes_between(std::uint64_t first, std::uint64_t last) {
  return bytes_from(first) + std::to_string(last);
}

std::string last_bytes(std::uint64_t count) { return "bytes=-" + std::to_string(count); }

std::optional<ContentRange> parse_content_range(std::string_view value) {
  constexpr std::string_view unit = "bytes ";
  if (!equals_ignoring_case(value.substr(0, unit.size()), unit)) return std::nullopt;
  value.remove_prefix(unit.size());
  const std::size_t slash = value.find('/');
  if (slash == value.npos) return std::nullopt;
  ContentRange range;
  range.bytes = to_bytes(value.substr(0, slash));
  range.total = to_number(value.substr(slash + 1));
  const bool unsatisfied = value.substr(0, slash) == "*";
  if (!range.bytes && !unsatisfied) return std::nullopt;
  if (!range.total && (unsatisfied || value.substr(slash + 1) != "*")) return std::nullopt;
  if (range.bytes && range.total && range.bytes->last >= *range.total) return std::nullopt;
  return range;
}

}  // namespace headway
