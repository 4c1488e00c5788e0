// SPDX-License-Identifier: BSL-1.0

// A netrc file, whatever it holds: what is taken out of it a client can be made with.

#include "src/auth/credential_held.hpp"

#include <headway/client.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  headway::ClientOptions options;
  options.credentials = headway::parse_netrc(std::string_view(reinterpret_cast<const char*>(data), size));
  for (const auto& [host, credential] : options.credentials.entries()) {
    const auto& login = std::get<headway::Password>(credential.held().kind);
    if (host.empty() || login.user.empty()) std::abort();
  }
  const headway::Client client(options);
  return 0;
}
