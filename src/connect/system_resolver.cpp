// SPDX-License-Identifier: BSL-1.0
#include <headway/error.hpp>
#include <headway/resolver.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>

namespace headway {
namespace {

struct Freed {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

std::error_code error_of(int result) {
  const bool none = result == EAI_NONAME || result == EAI_NODATA || result == EAI_ADDRFAMILY;
  return none ? Error::host_not_found : Error::resolve_failed;
}

}  // namespace

std::vector<std::string> SystemResolver::operator()(const std::string& host) const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int result = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (result != 0) throw std::system_error(error_of(result), ::gai_strerror(result));
  const std::unique_ptr<addrinfo, Freed> owned(found);
  std::vector<std::string> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    const int failed =
        ::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    if (failed == 0) addresses.emplace_back(text.data());
  }
  return addresses;
}

}  // namespace headway
