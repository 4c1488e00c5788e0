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

/// What may still be tried for one connection to be, over all the connections that it takes to get there.
struct ProxyLoginTries {
  /// The first, one for a nonce that has become stale, and one for a proxy that changes its mind.
  static constexpr int most = 3;

  std::shared_ptr<ProxyLogin> login;  ///< null: none
  int left = most;
  std::string answer = {};  ///< to the proxy's last challenge, not sent yet
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
