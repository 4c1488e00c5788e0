// SPDX-License-Identifier: BSL-1.0
#pragma once

// How the talk with a proxy about a tunnel ended. A value.

#include <headway/error.hpp>
#include <headway/proxy_refusal.hpp>

#include <string>
#include <system_error>

namespace headway::connect {

struct Tunnelled {
  enum class End {
    open,       ///< what follows is the target's
    failed,     ///< `error` says why
    reconnect,  ///< the proxy may open it on another connection
  };
  End end = End::open;
  std::string surplus = {};  ///< of an open one: what has come behind the proxy's answer
  std::error_code error = {};
  std::string detail = {};  ///< what the proxy said; no login
  ProxyRefusal refusal = {};
  bool target_unreachable = false;  ///< of a failed one: the proxy tried, and might reach another address

  static Tunnelled failure(std::error_code error, std::string detail) {
    Tunnelled failed;
    failed.end = End::failed;
    failed.error = error;
    failed.detail = std::move(detail);
    return failed;
  }
};

}  // namespace headway::connect
