// SPDX-License-Identifier: BSL-1.0
// Which proxy a call takes, and what it does where that proxy wants to know who asks (RFC 9110 section 11.7):
// the same request again, on the same connection if the proxy lets it.
#include "src/exec/call.hpp"

namespace headway::exec {

std::error_code Call::choose_way() {
  std::error_code ec;
  if (client_.proxies) {
    settings_.proxy_authorization.clear();  // of the way before
    logins_left_ = most_logins;
    hop_ = client_.proxies->choose(workspace_->url(), ec, detail_);
  }
  std::shared_ptr<const core::Way> way;
  if (hop_) way = {hop_, &hop_->way};
  workspace_->set_way(way);
  if (!way) workspace_->set_via(client_.routes.via(workspace_->route()));
  return ec;
}

/// On a connection, and not before: those who wait for one would count the uses of a nonce in another order
/// than that in which they come to the proxy.
std::error_code Call::log_in() {
  std::error_code ec;
  const bool for_proxy = hop_ && hop_->login;
  if (!for_proxy && !login_) return ec;
  auth::Asking asking{.method = request_->method, .uri = workspace_->target().uri()};
  if (request_->body.empty() || !request_->body.bytes().empty()) asking.body = request_->body.bytes();
  if (for_proxy) settings_.proxy_authorization = hop_->login->authorization(asking);
  if (login_) settings_.authorization = login_->authorization(asking);
  exchange_.prepare(ec, detail_);
  return ec;
}

/// Whether the proxy's 407 can be answered. Preconditions: it is one.
bool Call::asks_for_login() {
  if (!hop_ || !hop_->login || logins_left_ == 0 || !request_->body.replayable()) return false;
  if (!hop_->login->answer(target_.head.headers, settings_.proxy_authorization)) return false;
  --logins_left_;
  return true;
}

}  // namespace headway::exec
