// SPDX-License-Identifier: BSL-1.0
#pragma once

// SOCKS version 5 as bytes: RFC 1928, and user name and password by RFC 1929. Pure.

#include "src/connect/address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway::connect::socks5 {

enum class Method : std::uint8_t { none = 0, password = 2, refused = 0xff };

/// Offers no authentication, and a password where there is one.
std::string greeting(bool has_login);
inline constexpr std::size_t choice_size = 2;
/// What the proxy chose of it; nothing where that is no answer to a greeting, or was not offered.
std::optional<Method> parse_choice(std::string_view bytes, bool has_login);

/// Preconditions: both have at most 255 bytes.
std::string login(std::string_view user, std::string_view password);
inline constexpr std::size_t verdict_size = 2;
enum class Verdict { accepted, refused, malformed };
Verdict parse_verdict(std::string_view bytes);

/// Asks for a connection to a host by its name or by its address, or to an address. Preconditions: `host` has
/// at most 255 bytes.
std::string connect_request(std::string_view host, std::uint16_t port);
std::string connect_request(const Address& address);

/// The reply's first bytes, which tell how many follow.
inline constexpr std::size_t reply_start = 5;
struct Reply {
  std::uint8_t code = 0;  ///< RFC 1928 section 6; 0: the connection is there
  std::size_t more = 0;   ///< how many bytes of the reply are still to come
};
/// Preconditions: `bytes` are reply_start. Nothing where they begin no reply.
std::optional<Reply> parse_reply(std::string_view bytes);
/// Another address of the same host may be reached all the same.
bool is_of_target(std::uint8_t code);
/// "host unreachable"; a literal.
const char* describe(std::uint8_t code);

}  // namespace headway::connect::socks5
