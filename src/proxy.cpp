// SPDX-License-Identifier: BSL-1.0

#include <headway/proxy.hpp>

#include <cstdlib>

namespace headway {
namespace {

std::string first_set(const EnvironmentLookup& lookup, const char* name, const char* capitals) {
  const std::string value = lookup(name).value_or("");
  return value.empty() && capitals != nullptr ? lookup(capitals).value_or("") : value;
}

}  // namespace

Proxy Proxy::from_environment() {
  return from_environment([](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  });
}

Proxy Proxy::from_environment(const EnvironmentLookup& lookup) {
  Proxy proxy;
  const bool cgi = lookup("REQUEST_METHOD").has_value();
  proxy.url = first_set(lookup, "all_proxy", "ALL_PROXY");
  proxy.http = first_set(lookup, "http_proxy", cgi ? nullptr : "HTTP_PROXY");
  proxy.https = first_set(lookup, "https_proxy", "HTTPS_PROXY");
  proxy.no_proxy = first_set(lookup, "no_proxy", "NO_PROXY");
  return proxy;
}

}  // namespace headway
