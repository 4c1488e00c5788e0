// SPDX-License-Identifier: BSL-1.0
// The order of what stands around an exchange. From the outside to the inside, which is the order in which a
// request is made ready, and the reverse of that in which a response is looked at:
//
//   interceptors once, before everything and behind it                              interceptors.cpp
//   defaults     base URL, query, fields of the client, once                        client_defaults.cpp
//   retry        again after a failure of the connection, or where the server asks  retry.cpp,
//                for patience                                                       status_retry.cpp
//   redirect     another hop: own_request() is changed into the next request        redirect.cpp
//   cookies      one Cookie field for each hop; every final head's Set-Cookie       cookies.cpp
//   credentials  an Authorization field for each try; a 401 is answered             credentials.cpp
//   proxy login  Proxy-Authorization for each try; a 407                            proxy_login.cpp
//   coding       Accept-Encoding; the body is decoded                               decoding.cpp
//
// Where a feature goes:
// - begin_hop: what depends on the URL alone, as cookies do. Fields go to `settings_.added_fields` (whole
//   fields with their CRLF), never into the request, so that the next hop is rid of them by itself;
//   begin_hop clears them. A field that the request says itself, or that the client's own headers say until
//   own_request() has put them into it, is to be left to it: else there would be two.
// - begin_try: what differs between two tries of one hop, as credentials do.
// - concerns_chain: one cheap test for every response. A feature that must see heads below 300, too, adds a
//   flag of the client there.
// - next_step: the head is there, and none of the body has been handed out. Step::repeat asks again on the
//   same connection, Step::move goes on with own_request().
// - bodies pass begin_body, take_received_body, take_body (`send`) and read_some (streams) in
//   response_body.cpp.
#include "src/exec/call.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace headway::exec {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;

namespace {

/// What of a body that nobody wants is worth reading to save its connection, and for how long.
constexpr std::size_t most_skipped = 256 * 1024;
constexpr Duration longest_skip = std::chrono::seconds(1);
/// A server that answers before it has read a larger body may never come to read the rest of it: squid 5
/// answers nothing more on such a connection.
constexpr std::size_t most_behind_head = 16 * 1024;

bool is_small(const Body& body) {
  return body.empty() || (!body.bytes().empty() && body.bytes().size() <= most_behind_head);
}

}  // namespace

/// The head is there. Errors end the call.
Call::Step Call::next_step(std::error_code& ec) {
  const int status = target_.head.status;
  if (was_challenged_) confirm_logins();
  if (client_.cookies && status != 407) keep_cookies();  // a 407 is not the origin's
  if (status == 401) return asks_for_credentials() ? Step::repeat : Step::deliver;
  if (status == 407) return asks_for_login() ? Step::repeat : Step::deliver;
  if (status >= 300 && status < 400 && status != 304) return consider_redirect(ec);
  if (status == 429 || status == 503) return consider_status_retry();
  return Step::deliver;
}

/// Whatever the step is, the response has been dealt with then, and the next try can begin.
Op<std::error_code> Call::take_step(Step step) {
  Waiter& waiter = co_await this_waiter;
  co_await skip_response(step);
  if (step == Step::wait && !co_await pause(wait_)) {
    phase_ = Phase::retry;
    target_.info.timings.total = elapsed(waiter.now());
    co_return Error::total_timeout;
  }
  if (step != Step::move) add_fields();  // the response may have brought cookies
  co_return step == Step::move ? take_redirect(waiter.now()) : std::error_code();
}

/// Ends a response that nobody will read. Its connection is kept for the next try, given back, or closed
/// where that costs less than reading on.
Op<void> Call::skip_response(Step step) {
  connection().count_response();
  has_sent_ = true;
  plan_reuse();
  CloseReason reason = co_await drain(most_skipped);
  if (reason == CloseReason::none) reason = planned_;
  if (reason == CloseReason::none && !is_small(request_->body)) reason = CloseReason::request_unfinished;
  if (reason != CloseReason::none) {
    lease_.discard(reason);
  } else if (step != Step::repeat) {
    reason = lease_.give_back(keep_alive());
  }
  target_.info.close_reason = reason;
  was_reused_ = static_cast<bool>(lease_);
}

/// Reads at most about `most` bytes that come soon; `none` where that was all.
Op<CloseReason> Call::drain(std::size_t most) {
  Waiter& waiter = co_await this_waiter;
  if (exchange_.known_remaining().value_or(0) > most) co_return CloseReason::response_unread;
  const TimePoint soon = after(waiter.now(), longest_skip);
  const Duration usual = settings_.budgets.read;
  settings_.budgets.read = std::min(usual, longest_skip);
  std::array<char, 4096> dropped;
  std::error_code ec;
  std::size_t n = 0;
  for (std::size_t total = 0; !ec && !exchange_.response_done() && total <= most; total += n) {
    if (total > 0 && waiter.now() >= soon) break;
    ec = co_await exchange_.read_some(dropped, n);
  }
  settings_.budgets.read = usual;
  co_return ec ? CloseReason::response_unread : exchange_.verdict();
}

/// The caller's request is not ours to change. The copy says all that the client's defaults would have said.
Request& Call::own_request() {
  if (!own_) {
    if (std::exchange(lacks_url_, false)) target_.info.effective_url = request_->url;
    own_ = std::make_unique<OwnRequest>(*request_);
    Request& request = own_->request;
    request.url = url();
    request.query.clear();
    url_.clear();
    client_.defaults.add_headers(request);
    request_ = &request;
    exchange_.set_request(request);
  }
  return own_->request;
}

}  // namespace headway::exec
