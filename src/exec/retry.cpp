// SPDX-License-Identifier: BSL-1.0
// Whether a call is tried again: decided on evidence. A reused connection that dies before the first byte of
// its response was dead already and is replaced at once; everything else is the retry strategy's to say,
// within what is safe.
#include "src/exec/call.hpp"

#include <headway/method.hpp>

#include <algorithm>

namespace headway::exec {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// A replacement is opened anew, so that one suffices; a connection handed over by another call may still
/// die, though.
constexpr int most_replacements = 3;

/// The URL as it was given, without user name and password, valid or not.
std::string redacted(std::string url) {
  const std::size_t slashes = url.find("//");
  if (slashes == std::string::npos) return url;
  const std::size_t authority = slashes + 2;
  const std::size_t end = std::min(url.find_first_of("/?#", authority), url.size());
  const std::size_t at = url.rfind('@', end);
  if (at != std::string::npos && at >= authority && at < end) url.erase(authority, at + 1 - authority);
  return url;
}

}  // namespace

Op<std::error_code> Call::perform() {
  std::error_code ec = set_up();
  if (ec) co_return ec;
  bool fresh = false;
  for (int replaced = 0, counted = 1;;) {
    ec.clear();
    detail_.clear();
    exchange_.prepare(ec, detail_);
    if (ec) {
      phase_ = Phase::prepare;
      co_return ec;
    }
    ++target_.info.attempts;
    ec = co_await attempt(fresh);
    if (!ec) co_return ec;
    if (replaced < most_replacements && may_replace(ec)) {
      ++replaced;
      fresh = true;
      continue;
    }
    const std::optional<Duration> delay = retry_delay(ec, counted);
    if (!delay) co_return ec;
    ++counted;
    fresh = false;
    if (!co_await pause(*delay)) co_return ec;
  }
}

/// Sending the request again does no harm.
bool Call::may_repeat() const {
  if (!exchange_.sent_anything()) return true;
  switch (request_.options.replay) {
    case Replay::allowed:
      return true;
    case Replay::forbidden:
      return false;
    case Replay::by_method:
      return is_idempotent(request_.method);
  }
  return false;
}

bool Call::may_replace(std::error_code ec) const {
  return was_reused_ && !exchange_.body_failed() && !exchange_.response_started() && may_repeat() &&
         (ec == Error::connection_closed || ec == Error::connection_reset);
}

std::optional<Duration> Call::retry_delay(std::error_code ec, int counted_tries) const {
  // Only the connection can be to blame for what another try would mend, not the request nor its time.
  if (ec != Condition::connect || exchange_.body_failed() || !request_.body.replayable()) return std::nullopt;
  const bool connected = phase_ != Phase::lease && phase_ != Phase::connect;
  if (connected && exchange_.response_started()) return std::nullopt;
  const bool idempotent = request_.options.replay == Replay::allowed ||
                          (request_.options.replay == Replay::by_method && is_idempotent(request_.method));
  const bool reached = connected && exchange_.sent_anything();
  if (reached && !may_repeat()) return std::nullopt;
  return client_.retry({.code = ec,
                        .phase = phase_,
                        .attempt = counted_tries,
                        .method = request_.method,
                        .idempotent = idempotent,
                        .replayable = true,
                        .may_have_reached_server = reached});
}

/// False where the call's time would be over by then: the failure at hand says more than a timeout later.
Op<bool> Call::pause(Duration delay) {
  Waiter& waiter = co_await this_waiter;
  Want want;
  want.deadline = after(waiter.now(), std::max(delay, Duration::zero()));
  want.phase = Phase::retry;
  if (want.deadline >= settings_.total) co_return false;
  co_await want;
  co_return true;
}

FailedRequest Call::describe() const {
  FailedRequest failed;
  failed.method = request_.method;
  failed.url = target_.info.effective_url.empty() ? redacted(request_.url) : target_.info.effective_url;
  failed.phase = phase_;
  failed.attempts = target_.info.attempts;
  failed.detail = detail_;
  return failed;
}

}  // namespace headway::exec
