// SPDX-License-Identifier: BSL-1.0
// What a call does where the server wants to know who asks (RFC 9110 section 11.6): the same request again,
// on the same connection if the server lets it.
#include "src/exec/call.hpp"

namespace headway::exec {

/// For this hop's origin alone. A request that says an Authorization itself says all. Errors: invalid_url.
std::error_code Call::choose_login() {
  std::error_code ec;
  settings_.authorization.clear();
  credential_answered_ = false;
  credential_tries_left_ = most_logins;
  login_ = nullptr;
  if (request_->headers.contains("Authorization") || (!own_ && client_.defaults.has_header("Authorization")))
    return ec;
  std::string wrong;
  login_ = login_of_userinfo(workspace_->url(), ec, wrong);
  if (ec) detail_ = "its " + wrong;
  if (!ec && !login_ && client_.logins) login_ = client_.logins->login_for(workspace_->url());
  return ec;
}

/// Whether the server's 401 can be answered. Preconditions: it is one.
bool Call::asks_for_credentials() {
  if (!login_ || credential_tries_left_ == 0 || !request_->body.replayable()) return false;
  --credential_tries_left_;
  std::string answer =
      ask_strategy([&] { return login_->answer(target_.head.headers, settings_.authorization, asking()); });
  if (answer.empty()) return false;
  settings_.authorization = std::move(answer);
  return credential_answered_ = was_challenged_ = true;
}

}  // namespace headway::exec
