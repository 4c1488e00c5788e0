// SPDX-License-Identifier: BSL-1.0
#pragma once

// User name and password for one proxy, and what that proxy has asked for so far. Shared by all connections
// to it; thread-safe.

#include "src/connect/digest_auth.hpp"
#include "src/connect/proxy_url.hpp"

#include <headway/headers.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace headway::connect {

class ProxyLogin {
 public:
  ProxyLogin(std::string user, std::string password)
      : user_(std::move(user)), password_(std::move(password)) {}

  /// The value of Proxy-Authorization for a request of `method` for `uri`; empty as long as the proxy has not
  /// asked: a password that a Digest would have hidden must not go out in Basic before.
  std::string authorization(std::string_view method, std::string_view uri);

  /// Takes what the proxy asks with the fields of a 407, which answered a request with `sent` as its
  /// Proxy-Authorization (empty: none). True: the request may succeed if it is sent once more.
  bool answer(const Headers& fields, std::string_view sent);

 private:
  const std::string user_;
  const std::string password_;
  std::mutex mutex_;
  bool basic_ = false;                     // under mutex_: what was asked for, unless digest_ is
  std::optional<DigestChallenge> digest_;  // under mutex_
  std::string cnonce_;                     // under mutex_
  std::uint32_t nonce_uses_ = 0;           // under mutex_
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
