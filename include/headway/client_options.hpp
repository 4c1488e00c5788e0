// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a client is set up. A value.

#include <headway/keep_alive_strategy.hpp>
#include <headway/pool_options.hpp>
#include <headway/retry_strategy.hpp>
#include <headway/reuse_strategy.hpp>
#include <headway/timeouts.hpp>
#include <headway/tls_options.hpp>

#include <cstddef>

namespace headway {

/// What a server may make a client hold or skip; beyond it the request fails with Condition::limit. All 1 or
/// more.
struct ResponseLimits {
  std::size_t max_head_size =
      64 * 1024;  ///< bytes: status line and fields, those of 1xx responses included; trailers alike
  std::size_t max_fields = 128;  ///< header fields, and trailer fields
  int max_informational = 16;    ///< 1xx responses before the final one
  std::size_t max_body_size =
      64 * 1024 * 1024;  ///< bytes of body that `send` keeps; a stream has no limit. 0: none at all.
};

/// Members out of range throw std::system_error (Error::invalid_option) that names them.
struct ClientOptions {
  PoolOptions pool = {};  ///< of the client's own pool; not used where it is given a manager
  Timeouts timeouts = {};
  TlsOptions tls = {};  ///< for https
  ResponseLimits limits = {};
  KeepAliveStrategy keep_alive_strategy = DefaultKeepAliveStrategy{};
  ReuseStrategy reuse_strategy = DefaultReuseStrategy{};
  RetryStrategy retry_strategy = DefaultRetryStrategy{};
};

}  // namespace headway
