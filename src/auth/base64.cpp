// SPDX-License-Identifier: BSL-1.0
#include "src/auth/base64.hpp"

#include <algorithm>

namespace headway::auth {

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      result.push_back(i <= bytes.size() ? digits[group >> (18 - 6 * i) & 63] : '=');
  }
  return result;
}

}  // namespace headway::auth
