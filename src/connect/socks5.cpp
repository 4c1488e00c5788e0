// SPDX-License-Identifier: BSL-1.0
#include "src/connect/socks5.hpp"

#include <array>

namespace headway::connect::socks5 {
namespace {

constexpr char version = 5;
constexpr char login_version = 1;
constexpr char command_connect = 1;
enum AddressType : char { ipv4 = 1, name = 3, ipv6 = 4 };
constexpr std::size_t port_size = 2;

template <class Bytes>
void append_bytes(std::string& out, const Bytes& bytes) {
  out.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
}

void append_port(std::string& out, std::uint16_t port) {
  out.push_back(static_cast<char>(port >> 8));
  out.push_back(static_cast<char>(port & 0xff));
}

void append_counted(std::string& out, std::string_view text) {
  out.push_back(static_cast<char>(text.size()));
  out.append(text);
}

std::string request_head() { return {version, command_connect, 0}; }

}  // namespace

std::string greeting(bool has_login) {
  if (has_login) return {version, 2, static_cast<char>(Method::none), static_cast<char>(Method::password)};
  return {version, 1, static_cast<char>(Method::none)};
}

std::optional<Method> parse_choice(std::string_view bytes, bool has_login) {
  if (bytes.size() != choice_size || bytes[0] != version) return std::nullopt;
  const auto method = static_cast<Method>(bytes[1]);
  if (method == Method::none || method == Method::refused) return method;
  if (method == Method::password && has_login) return method;
  return std::nullopt;
}

std::string login(std::string_view user, std::string_view password) {
  std::string bytes(1, login_version);
  append_counted(bytes, user);
  append_counted(bytes, password);
  return bytes;
}

Verdict parse_verdict(std::string_view bytes) {
  if (bytes.size() != verdict_size || bytes[0] != login_version) return Verdict::malformed;
  return bytes[1] == 0 ? Verdict::accepted : Verdict::refused;
}

std::string connect_request(std::string_view host, std::uint16_t port) {
  if (const std::optional<Address> literal = Address::of_literal(host, port))
    return connect_request(*literal);
  std::string bytes = request_head();
  bytes.push_back(AddressType::name);
  append_counted(bytes, host);
  append_port(bytes, port);
  return bytes;
}

std::string connect_request(const Address& address) {
  std::string bytes = request_head();
  if (address.family() == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address.storage);
    bytes.push_back(AddressType::ipv6);
    append_bytes(bytes, in.sin6_addr);
    append_bytes(bytes, in.sin6_port);
  } else {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address.storage);
    bytes.push_back(AddressType::ipv4);
    append_bytes(bytes, in.sin_addr);
    append_bytes(bytes, in.sin_port);
  }
  return bytes;
}

std::optional<Reply> parse_reply(std::string_view bytes) {
  if (bytes.size() != reply_start || bytes[0] != version || bytes[2] != 0) return std::nullopt;
  Reply reply{.code = static_cast<std::uint8_t>(bytes[1])};
  // The last of the bytes is the address's first, or its length.
  switch (bytes[3]) {
    case AddressType::ipv4:
      reply.more = 4 - 1 + port_size;
      break;
    case AddressType::ipv6:
      reply.more = 16 - 1 + port_size;
      break;
    case AddressType::name:
      reply.more = static_cast<std::uint8_t>(bytes[4]) + port_size;
      break;
    default:
      return std::nullopt;
  }
  return reply;
}

bool is_of_target(std::uint8_t code) { return code == 1 || (code >= 3 && code <= 8 && code != 7); }

const char* describe(std::uint8_t code) {
  static constexpr std::array<const char*, 9> texts = {"succeeded",
                                                       "general failure",
                                                       "not allowed by its rules",
                                                       "network unreachable",
                                                       "host unreachable",
                                                       "connection refused",
                                                       "time to live expired",
                                                       "command not supported",
                                                       "address type not supported"};
  return code < texts.size() ? texts[code] : "unknown failure";
}

}  // namespace headway::connect::socks5
