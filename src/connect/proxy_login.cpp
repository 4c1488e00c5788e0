// SPDX-License-Identifier: BSL-1.0
#include "src/connect/proxy_login.hpp"

namespace headway::connect {
namespace {

constexpr std::size_t most_known = 64;

}  // namespace

std::shared_ptr<ProxyLogin> ProxyLogins::of(const ProxyUrl& proxy) {
  if (!proxy.has_login) return nullptr;
  std::lock_guard lock(mutex_);
  const auto found = known_.find(proxy.key);
  if (found != known_.end()) return found->second;
  auto login = std::make_shared<ProxyLogin>(proxy.user, proxy.password);
  if (known_.size() < most_known) known_.emplace(proxy.key, login);
  return login;
}

}  // namespace headway::connect
