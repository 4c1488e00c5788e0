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
  /// "127.0.0.1:80" or "[::1]:80"
  std::string str() const;

  /// From an IPv4 or IPv6 literal without brackets; nothing where it is neither.
  static std::optional<Address> of_literal(std::string_view host, std::uint16_t port);
  static Address of(const sockaddr* data, socklen_t size) noexcept;
};

}  // namespace headway::connect
