// SPDX-License-Identifier: BSL-1.0
#pragma once

// A proxy's URL in its parts. A value.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway::connect {

struct ProxyUrl {
  enum class Scheme : std::uint8_t { http, https, socks5, socks5h };

  Scheme scheme = Scheme::http;
  std::string host;  ///< lower-case, without brackets
  std::uint16_t port = 0;
  bool has_login = false;
  std::string user, password;  ///< decoded
  std::string key;             ///< the whole URL, normalised, with its login: a route's

  bool is_socks() const noexcept { return scheme == Scheme::socks5 || scheme == Scheme::socks5h; }
  /// "http://127.0.0.1:3128": never with the login.
  std::string str() const;

  /// Nothing where it is malformed; `wrong` then names the part that is to blame, and quotes nothing of it.
  static std::optional<ProxyUrl> parse(std::string_view text, std::string& wrong);
};

}  // namespace headway::connect
