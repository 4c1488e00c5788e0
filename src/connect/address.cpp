// SPDX-License-Identifier: BSL-1.0
#include "src/connect/address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/un.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace headway::connect {
namespace {

/// An interface by name or number, or 0.
std::uint32_t zone_index(const std::string& zone) {
  if (const unsigned index = ::if_nametoindex(zone.c_str())) return index;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), number);
  return error == std::errc() && end == zone.data() + zone.size() ? number : 0;
}

std::string zone_name(std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) != nullptr ? name.data() : std::to_string(index);
}

}  // namespace

const std::size_t Address::longest_path = sizeof(sockaddr_un::sun_path) - 1;

std::string Address::str() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == AF_UNIX) return reinterpret_cast<const sockaddr_un&>(storage).sun_path;
  if (family() == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    const std::string zone = v6.sin6_scope_id == 0 ? "" : '%' + zone_name(v6.sin6_scope_id);
    return '[' + std::string(text.data()) + zone + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
  ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  return std::string(text.data()) + ":" + std::to_string(ntohs(v4.sin_port));
}

void Address::set_port(std::uint16_t port) noexcept {
  if (family() == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(storage).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(storage).sin_port = htons(port);
  }
}

std::optional<Address> Address::of_literal(std::string_view host, std::uint16_t port) {
  const std::size_t percent = host.find('%');
  const std::string_view number = host.substr(0, percent);
  if (number.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::memcpy(text.data(), number.data(), number.size());
  sockaddr_in v4{};
  if (percent == host.npos && ::inet_pton(AF_INET, text.data(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return of(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, text.data(), &v6.sin6_addr) != 1) return std::nullopt;
  if (percent != host.npos) {
    v6.sin6_scope_id = zone_index(std::string(host.substr(percent + 1)));
    if (v6.sin6_scope_id == 0) return std::nullopt;
  }
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  return of(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

std::optional<Address> Address::of_path(std::string_view path) noexcept {
  if (path.empty() || path.size() > longest_path || path.find('\0') != path.npos) return std::nullopt;
  sockaddr_un named{};
  named.sun_family = AF_UNIX;
  std::memcpy(named.sun_path, path.data(), path.size());
  return of(reinterpret_cast<const sockaddr*>(&named),
            static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1));
}

Address Address::of(const sockaddr* data, socklen_t size) noexcept {
  Address address;
  std::memcpy(&address.storage, data, size);
  address.size = size;
  return address;
}

}  // namespace headway::connect
