// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether a failed request is tried again, and when.

#include <headway/error.hpp>
#include <headway/time.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace headway {

/// What is known about a try that failed: evidence, not guesses.
struct FailedTry {
  std::error_code code;          ///< never a timeout, a cancellation or a usage error: those are not offered
  Phase phase = Phase::connect;  ///< where it failed
  int attempt = 1;               ///< 1 for the first
  std::string_view method;       ///< lives during the call
  bool idempotent = false;       ///< by its method, or by RequestOptions::replay
  bool replayable = false;       ///< the body, if any, can be read again
  bool may_have_reached_server = true;  ///< false where not a byte of it left this machine
};

/// How long to wait before the next try, or nothing to give up. Asked after a failure of the connection:
/// refused, reset, closed, or a response that was cut off or malformed before any of it was handed out. Never
/// asked where a request that is not idempotent may have reached the server, nor if `replayable` is false.
/// Never under a lock. An exception ends the request and reaches its caller.
using RetryStrategy = std::function<std::optional<Duration>(const FailedTry&)>;

/// Up to `max_retries` more tries of an idempotent request whose connection could not be made or broke, after
/// delays that double from `first_delay` up to `max_delay`, each shortened at random by up to half.
struct DefaultRetryStrategy {
  int max_retries = 3;
  Duration first_delay = std::chrono::milliseconds(100);
  Duration max_delay = std::chrono::seconds(5);
  std::optional<Duration> operator()(const FailedTry& failed) const;
};

/// Never tries again. A reused connection found dead before the first byte of the response is still replaced.
struct NeverRetry {
  std::optional<Duration> operator()(const FailedTry&) const { return std::nullopt; }
};

}  // namespace headway
