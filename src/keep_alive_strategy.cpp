// SPDX-License-Identifier: BSL-1.0

#include <headway/headers.hpp>
#include <headway/keep_alive_strategy.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace headway {
namespace {

std::string_view trim(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// Digits alone, in quotes or not; what is too large for a Duration in seconds becomes the largest.
std::optional<Duration::rep> parse_number(std::string_view text) noexcept {
  constexpr Duration::rep most = Duration::max().count() / 1000;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text.empty()) return std::nullopt;
  Duration::rep number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number > most / 10 - 1 ? most : number * 10 + (c - '0');
  }
  return number;
}

struct Offer {
  std::optional<Duration::rep> timeout, max;
};

void read(std::string_view value, Offer& offer) noexcept {
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of(",;"), value.size());
    const std::string_view item = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    const std::size_t equals = item.find('=');
    if (equals == item.npos) continue;
    const std::string_view name = trim(item.substr(0, equals));
    const auto number = parse_number(trim(item.substr(equals + 1)));
    if (!offer.timeout && equals_ignoring_case(name, "timeout")) offer.timeout = number;
    if (!offer.max && equals_ignoring_case(name, "max")) offer.max = number;
  }
}

}  // namespace

Duration DefaultKeepAliveStrategy::operator()(const ResponseHead& head, const HttpRoute&) const {
  Offer offer;
  for (const Headers::Field field : head.headers) {
    if (equals_ignoring_case(field.name, "Keep-Alive")) read(field.value, offer);
  }
  if (offer.max == 0) return Duration::zero();
  if (!offer.timeout) return silent;
  const Duration offered = std::chrono::seconds(*offer.timeout);
  return offered - std::clamp(margin, Duration::zero(), offered / 2);
}

}  // namespace headway
