// SPDX-License-Identifier: BSL-1.0

#include <headway/retry_strategy.hpp>

#include <algorithm>
#include <random>

namespace headway {
namespace {

bool is_connection_failure(const std::error_code& code) noexcept {
  if (code.category() != error_category()) return false;
  switch (static_cast<Error>(code.value())) {
    case Error::connection_refused:
    case Error::connect_failed:
    case Error::connection_reset:
    case Error::connection_closed:
    case Error::body_truncated:
    case Error::malformed_response:
      return true;
    default:
      return false;
  }
}

Duration doubled(Duration delay, Duration limit, int times) noexcept {
  delay = std::clamp(delay, Duration::zero(), limit);
  for (; times > 0 && delay < limit && delay > Duration::zero(); --times) {
    delay = delay > limit / 2 ? limit : delay * 2;
  }
  return delay;
}

/// Anything from half of it to all of it, so that clients that failed together do not come back together.
Duration shortened(Duration delay) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return Duration(std::uniform_int_distribution(delay.count() - delay.count() / 2, delay.count())(random));
}

}  // namespace

std::optional<Duration> DefaultRetryStrategy::operator()(const FailedTry& failed) const {
  if (failed.attempt > max_retries || !failed.idempotent || !failed.replayable) return std::nullopt;
  if (!is_connection_failure(failed.code)) return std::nullopt;
  return shortened(doubled(first_delay, std::max(max_delay, Duration::zero()), failed.attempt - 1));
}

}  // namespace headway
