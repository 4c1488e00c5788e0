// SPDX-License-Identifier: BSL-1.0
#include <headway/redirect_strategy.hpp>

namespace headway {
namespace {

bool is_followed(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Whether the next request is a GET whatever this one was.
bool becomes_get(int status, std::string_view method) noexcept {
  if (status == 303) return method != "HEAD" && method != "GET";
  return (status == 301 || status == 302) && method == "POST";
}

/// Empty where there is none, or where it cannot be told which one is meant.
std::string_view location_of(const Headers& headers) noexcept {
  std::string_view location;
  for (const auto [name, value] : headers) {
    if (!equals_ignoring_case(name, "Location")) continue;
    if (!location.empty() && location != value) return {};
    location = value;
  }
  return location;
}

/// Servers write what people read: blanks and letters beyond ASCII, which a URL has percent-encoded, as
/// browsers do with them.
std::string as_reference(std::string_view location) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(location.size());
  for (const char c : location) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == ' ' || byte >= 0x80) {
      ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::optional<NextRequest> DefaultRedirectStrategy::operator()(const RedirectResponse& response) const {
  const int status = response.head.status;
  if (!is_followed(status)) return std::nullopt;
  const std::string_view location = location_of(response.head.headers);
  if (location.empty()) return std::nullopt;
  std::error_code ec;
  const Url target = response.url.resolve(as_reference(location), ec);
  if (ec) return std::nullopt;
  NextRequest next{.method = std::string(response.method), .url = std::string(target.str())};
  const std::string_view fragment = response.url.fragment();
  if (!fragment.empty() && location.find('#') == location.npos) next.url.append("#").append(fragment);
  if (becomes_get(status, response.method)) {
    next.method = "GET";
    next.body = RedirectBody::drop;
  }
  return next;
}

}  // namespace headway
