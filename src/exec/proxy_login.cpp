// SPDX-License-Identifier: BSL-1.0
// Which proxy a call takes, and what it does where that proxy wants to know who asks (RFC 9110 section 11.7):
// the same request again, on the same connection if the proxy lets it.
#include "src/exec/call.hpp"

#include <array>

namespace headway::exec {

using detail::Op;

namespace {

/// What of a challenge's body is worth reading to save the connection.
constexpr std::size_t most_skipped = 64 * 1024;
/// A proxy that asks before it has read a larger body may never come to read the rest of it: squid 5 answers
/// nothing more on such a connection.
constexpr std::size_t most_behind_head = 16 * 1024;

bool is_small(const Body& body) {
  return body.empty() || (!body.bytes().empty() && body.bytes().size() <= most_behind_head);
}

}  // namespace

std::error_code Call::choose_way() {
  std::error_code ec;
  if (client_.proxies) hop_ = client_.proxies->choose(workspace_->url(), ec, detail_);
  std::shared_ptr<const core::Way> way;
  if (hop_) way = {hop_, &hop_->way};
  workspace_->set_way(way);
  if (!way) workspace_->set_via(client_.routes.via(workspace_->route()));
  return ec;
}

/// Whether the proxy's 407 can be answered. Preconditions: it is one.
bool Call::asks_for_login() {
  if (!hop_ || !hop_->login || logins_left_ == 0 || !request_.body.replayable()) return false;
  if (!hop_->login->answer(target_.head.headers, settings_.proxy_authorization)) return false;
  --logins_left_;
  return true;
}

/// Reads what is left of the challenge and keeps the connection for the next try, or closes it.
Op<void> Call::skip_challenge() {
  connection().count_response();
  has_sent_ = true;
  plan_reuse();
  if (planned_ == CloseReason::none && !is_small(request_.body)) planned_ = CloseReason::request_unfinished;
  std::array<char, 4096> dropped{};
  std::error_code ec;
  std::size_t n = 0;
  for (std::size_t total = 0; !ec && !exchange_.response_done() && total <= most_skipped; total += n) {
    if (planned_ != CloseReason::none) break;
    ec = co_await exchange_.read_some(dropped, n);
  }
  CloseReason reason = planned_;
  if (reason == CloseReason::none) reason = exchange_.verdict();
  if (ec || !exchange_.response_done()) reason = CloseReason::response_unread;
  if (reason != CloseReason::none) lease_.discard(reason);
  was_reused_ = is_open();
}

}  // namespace headway::exec
