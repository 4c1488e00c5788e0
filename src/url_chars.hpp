// SPDX-License-Identifier: BSL-1.0
#pragma once

// Which byte may stand where in a URL (RFC 3986 appendix A), as one table, and what a host may look like.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headway::detail {

enum UrlClass : std::uint8_t {
  url_reg_name = 0x01,  // unreserved and sub-delims
  url_userinfo = 0x02,
  url_path = 0x04,   // with [ and ], which the RFC forbids and half the web writes
  url_query = 0x08,  // and fragment
  url_unreserved = 0x10,
  url_upper = 0x20,  // the very bit that makes a letter lower-case
  url_hex = 0x40,
  url_authority_end = 0x80,  // NUL too, so that a scan stops at a string's terminator
};

constexpr std::array<std::uint8_t, 256> make_url_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view bytes, int classes) {
    for (const char c : bytes) table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(classes);
  };
  constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                             rest = "abcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr int everywhere = url_reg_name | url_userinfo | url_path | url_query;
  mark(upper, everywhere | url_unreserved | url_upper);
  mark(rest, everywhere | url_unreserved);
  mark("!$&'()*+,;=", everywhere);
  mark(":", url_userinfo | url_path | url_query);
  mark("@/[]", url_path | url_query);
  mark("?", url_query);
  mark("0123456789abcdefABCDEF", url_hex);
  mark("/?#", url_authority_end);
  table[0] = url_authority_end;
  return table;
}

inline constexpr std::array<std::uint8_t, 256> url_classes = make_url_classes();

/// The classes of `c` that are in `wanted`.
constexpr unsigned url_class(char c, unsigned wanted) noexcept {
  return url_classes[static_cast<unsigned char>(c)] & wanted;
}

/// An ASCII letter in lower case, any other byte as it is.
constexpr char url_lower(char c) noexcept {
  return static_cast<char>(static_cast<unsigned char>(c) | url_class(c, url_upper));
}

/// From `at` to the first byte that neither is of a class in `allowed` nor begins a whole percent-escape.
/// Preconditions: `text` is followed by a NUL; no class in `allowed` has NUL.
constexpr const char* skip_url(const char* at, unsigned allowed) noexcept {
  for (;;) {
    while (url_class(*at, allowed)) ++at;
    if (*at != '%' || !url_class(at[1], url_hex) || !url_class(at[2], url_hex)) return at;
    at += 3;
  }
}

/// The length of the scheme before the ':' that ends it (RFC 3986 section 3.1), 0 where there is none.
std::size_t scheme_length(std::string_view text) noexcept;

/// An IPv6 address without brackets and without a zone.
bool is_ipv6_address(std::string_view text) noexcept;

}  // namespace headway::detail
