// SPDX-License-Identifier: BSL-1.0
// What a call does about a server that asks for patience.
#include "src/exec/call.hpp"
#include "src/exec/retry_after.hpp"

namespace headway::exec {

/// Preconditions: the response is a 429 or 503.
Call::Step Call::consider_status_retry() {
  if (status_retries_ >= client_.status_retries.max_retries) return Step::deliver;
  if (!request_->body.replayable() || !is_repeatable()) return Step::deliver;
  const auto today = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::optional<Duration> wait = retry_after_of(target_.head.headers, today);
  if (!wait || *wait > client_.status_retries.max_wait) return Step::deliver;
  if (after(client_.manager->clock().now(), *wait) >= settings_.total) return Step::deliver;
  ++status_retries_;
  wait_ = *wait;
  return Step::wait;
}

}  // namespace headway::exec
