// SPDX-License-Identifier: BSL-1.0
// Whether a call is tried again: decided on evidence. A reused connection that dies before the first byte of
// its response was dead already and is replaced at once; everything else is the retry strategy's to say,
// within what is safe.
#include "src/core/head_reading.hpp"
#include "src/exec/call.hpp"
#include "src/manage/lease_request.hpp"

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

/// The connection, not the request or its time, was to blame.
bool is_connection_failure(std::error_code ec) {
  return ec == Condition::connect || ec == Error::body_truncated || ec == Error::malformed_response;
}

}  // namespace

Op<std::error_code> Call::perform() {
  Waiter& waiter = co_await this_waiter;
  std::error_code ec = set_up();
  if (is_answered()) co_return ec;
  bool fresh = false;
  TimePoint now = start_;
  for (int replaced = 0, counted = 1; !ec; now = waiter.now()) {
    ec = begin_try();
    if (ec) break;
    if (!lease_) {
      if (!fresh) {
        core::FirstReceive first(waiter, *workspace_);
        lease_ = client_.manager->try_lease(workspace_->route(), now,
                                            exchange_.receives_by_waits_alone() ? &first : nullptr);
      }
      if (lease_) {
        lease_is_there(now, {});
      } else {
        detail::LeaseRequest wanted = wish(fresh);
        co_await client_.manager->acquire(wanted);
        now = waiter.now();
        ec = take_lease(wanted, now);
      }
    }
    if (!ec && (hop_ || login_)) ec = log_in();
    if (!ec) {
      const core::IoResult first = exchange_.send(connection(), target_.head, target_.trailers);
      if (!exchange_.request_complete()) {
        ec = co_await exchange_.finish_sending(first);
        now = waiter.now();
      }
      if (!ec) {
        core::HeadReading reading(exchange_, waiter, now);
        while (Want* want = reading.next()) co_await *want;
        ec = reading.error();
      }
      if (!ec && concerns_chain()) {
        const Step step = next_step(ec);
        if (step != Step::deliver) {
          ec = co_await take_step(step);
          fresh = false;
          if (step != Step::repeat) replaced = 0, counted = 1;
          continue;
        }
      }
      ec = ec ? fail(ec) : head_arrived(waiter.now());
    }
    if (!ec && target_.whole != nullptr && lease_) ec = co_await receive_body();
    if (!ec) break;
    has_sent_ = has_sent();
    if (replaced < most_replacements && may_replace(ec)) {
      ++replaced;
      fresh = true;
    } else {
      const std::optional<Duration> delay = retry_delay(ec, counted);
      if (!delay || !co_await pause(*delay)) break;
      ++counted;
      fresh = false;
    }
    ec.clear();
  }
  co_return ec;
}

/// A server that sees the request twice does no more than one that sees it once.
bool Call::is_repeatable() const {
  switch (request_->options.replay) {
    case Replay::allowed:
      return true;
    case Replay::forbidden:
      return false;
    case Replay::by_method:
      return is_idempotent(request_->method);
  }
  return false;
}

/// Sending the request again does no harm.
bool Call::may_repeat() const { return !exchange_.sent_anything() || is_repeatable(); }

bool Call::may_replace(std::error_code ec) const {
  return was_reused_ && !exchange_.body_failed() && !exchange_.response_started() && may_repeat() &&
         (ec == Error::connection_closed || ec == Error::connection_reset);
}

std::optional<Duration> Call::retry_delay(std::error_code ec, int counted_tries) const {
  if (!is_connection_failure(ec) || exchange_.body_failed() || !request_->body.replayable())
    return std::nullopt;
  // The response was there, whole, and what it holds breaks off: so will the next.
  if (ec == Error::body_truncated && decoder_ && exchange_.response_done()) return std::nullopt;
  const bool reached = phase_ != Phase::lease && phase_ != Phase::connect && exchange_.sent_anything();
  if (reached && !may_repeat()) return std::nullopt;
  return client_.retry({.code = ec,
                        .phase = phase_,
                        .attempt = counted_tries,
                        .method = request_->method,
                        .idempotent = is_repeatable(),
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

}  // namespace headway::exec
