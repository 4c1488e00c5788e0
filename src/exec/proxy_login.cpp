// SPDX-License-Identifier: BSL-1.0
// Which proxy a call takes, and what it does where that proxy wants to know who asks (RFC 9110 section 11.7):
// the same request again, on the same connection if the proxy lets it.
#include "src/exec/call.hpp"

#include <utility>

namespace headway::exec {

std::error_code Call::choose_way() {
  std::error_code ec;
  if (client_.proxies) {
    settings_.proxy_authorization.clear();  // of the way before
    proxy_answered_ = false;
    logins_left_ = most_logins;
    hop_ = client_.proxies->choose(workspace_->url(), ec, detail_);
  }
  std::shared_ptr<const core::Way> way;
  if (hop_) way = {hop_, &hop_->way};
  workspace_->set_way(way);
  if (!way) workspace_->set_via(client_.routes.via(workspace_->route()));
  return ec;
}

auth::Asking Call::asking() const {
  auth::Asking asking{.method = request_->method, .uri = workspace_->target().uri()};
  if (request_->body.empty() || !request_->body.bytes().empty()) asking.body = request_->body.bytes();
  return asking;
}

/// On a connection, and not before: those who wait for one would count the uses of a nonce in another order
/// than that in which they come to the proxy.
std::error_code Call::log_in() {
  std::error_code ec;
  const bool for_proxy = hop_ && hop_->login;
  if (!for_proxy && !login_) return ec;
  if (for_proxy && !std::exchange(proxy_answered_, false))
    settings_.proxy_authorization = hop_->login->authorization(asking());
  if (login_ && !std::exchange(credential_answered_, false))
    settings_.authorization = login_->authorization(asking());
  exchange_.prepare(ec, detail_);
  return ec ? fail(ec) : ec;
}

/// Whether the proxy's 407 can be answered. Preconditions: it is one.
bool Call::asks_for_login() {
  if (!hop_ || !hop_->login || logins_left_ == 0 || !request_->body.replayable()) return false;
  std::string answer = hop_->login->answer(target_.head.headers, settings_.proxy_authorization, asking());
  if (answer.empty()) return false;
  settings_.proxy_authorization = std::move(answer);
  --logins_left_;
  return proxy_answered_ = was_challenged_ = true;
}

/// What answered a challenge and was taken is good for other requests, too.
void Call::confirm_logins() {
  const int status = target_.head.status;
  if (status == 407) return;
  if (hop_ && hop_->login) hop_->login->accepted(settings_.proxy_authorization);
  if (login_ && status != 401) login_->accepted(settings_.authorization);
}

}  // namespace headway::exec
