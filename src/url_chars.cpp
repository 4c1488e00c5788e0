// SPDX-License-Identifier: BSL-1.0

#include "src/url_chars.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace headway::detail {
namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_scheme_byte(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

}  // namespace

std::size_t scheme_length(std::string_view text) noexcept {
  if (text.empty() || !is_letter(text.front())) return 0;
  const auto end = std::find_if_not(text.begin(), text.end(), is_scheme_byte);
  return end != text.end() && *end == ':' ? static_cast<std::size_t>(end - text.begin()) : 0;
}

bool is_ipv6_address(std::string_view text) noexcept {
  char copy[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof copy || text.find('\0') != text.npos) return false;
  *std::copy(text.begin(), text.end(), copy) = '\0';
  in6_addr address;
  return inet_pton(AF_INET6, copy, &address) == 1;
}

}  // namespace headway::detail
