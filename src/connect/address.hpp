// SPDX-License-Identifier: BSL-1.0
#pragma once

// A socket address: a value.

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway::connect {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const noexcept { return storage.ss_family; }
  const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  /// Its bytes: equal for equal addresses.
  std::string_view bytes() const noexcept { return {reinterpret_cast<const char*>(&storage), size}; }
  /// "127.0.0.1:80", "[::1]:80" or "/run/x.sock"
  std::string str() const;
  /// Preconditions: an IP address.
  void set_port(std::uint16_t port) noexcept;

  /// From an IPv4 or IPv6 literal without brackets, the latter with an interface's name or number behind '%'
  /// if need be; nothing where it is neither.
  static std::optional<Address> of_literal(std::string_view host, std::uint16_t port);
  /// Of a Unix socket; nothing where the path is empty, has a NUL or is longer than `longest_path`.
  static std::optional<Address> of_path(std::string_view path) noexcept;
  static Address of(const sockaddr* data, socklen_t size) noexcept;

  static const std::size_t longest_path;
};

}  // namespace headway::connect
