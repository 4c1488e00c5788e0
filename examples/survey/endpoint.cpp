// SPDX-License-Identifier: BSL-1.0
#include "survey/endpoint.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace survey {
namespace {

Endpoint from_sockaddr(const sockaddr& address, std::uint16_t port) {
  if (address.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
    return ipv4_endpoint(bytes, port);
  }
  Endpoint endpoint{{}, port};
  std::memcpy(endpoint.address.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr,
              endpoint.address.size());
  return endpoint;
}

}  // namespace

Endpoint ipv4_endpoint(const std::array<std::uint8_t, 4>& address, std::uint16_t port) {
  Endpoint endpoint{{}, port};
  endpoint.address[10] = endpoint.address[11] = 0xff;
  std::copy(address.begin(), address.end(), endpoint.address.begin() + 12);
  return endpoint;
}

std::vector<Endpoint> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) throw std::runtime_error("cannot find " + host + ": " + ::gai_strerror(error));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
  std::vector<Endpoint> endpoints;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next)
    endpoints.push_back(from_sockaddr(*one->ai_addr, port));
  return endpoints;
}

}  // namespace survey
