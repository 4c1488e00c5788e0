// SPDX-License-Identifier: BSL-1.0
#pragma once

// One address and port of a server. A value.

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace survey {

/// IPv4 addresses are kept as ::ffff:a.b.c.d, so that a dual-stack socket's peer compares equal.
struct Endpoint {
  std::array<std::uint8_t, 16> address{};  ///< in network order
  std::uint16_t port = 0;

  auto operator<=>(const Endpoint&) const = default;
};

/// `address` in network order.
Endpoint ipv4_endpoint(const std::array<std::uint8_t, 4>& address, std::uint16_t port);

/// Every address of `host`, a name or a literal without brackets. Throws std::runtime_error naming the host.
std::vector<Endpoint> resolve(const std::string& host, std::uint16_t port);

}  // namespace survey
