// SPDX-License-Identifier: BSL-1.0
#pragma once

// User name and password for one proxy. Shared by all connections to it; thread-safe.

#include "src/auth/password_login.hpp"
#include "src/connect/proxy_url.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace headway::connect {

class ProxyLogin final : public auth::PasswordLogin {
 public:
  ProxyLogin(std::string user, std::string password)
      : PasswordLogin(std::move(user), std::move(password), {.challenge_field = "Proxy-Authenticate"}) {}
};

/// The logins of all proxies that were met, so that each has to ask but once. Bounded: with 64 others known,
/// a further proxy's is not kept. Thread-safe.
class ProxyLogins {
 public:
  /// Null where the URL has no login.
  std::shared_ptr<ProxyLogin> of(const ProxyUrl& proxy);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<ProxyLogin>, std::less<>> known_;
};

}  // namespace headway::connect
