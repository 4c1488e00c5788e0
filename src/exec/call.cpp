// SPDX-License-Identifier: BSL-1.0
#include "src/exec/call.hpp"

#include "src/core/reuse_check.hpp"
#include "src/manage/lease_request.hpp"

#include <algorithm>
#include <new>

namespace headway::exec {

using detail::LeaseRequest;

namespace {

/// What is wrong with a URL that cannot be parsed: "its port".
std::string wrong_part(const std::string& url) {
  if (url.find("://") == url.npos) return "no http:// or https:// in front";
  try {
    const Url parsed(url);
  } catch (const std::system_error& wrong) {
    const std::string text = wrong.what();
    const std::string part = text.substr(0, text.find(':'));
    const bool encodable = part == "path" || part == "query";
    return "its " + part + (encodable ? ": to be percent-encoded" : "");
  }
  return {};
}

CloseReason reason_of(std::error_code ec) {
  if (ec == Error::body_truncated) return CloseReason::io_error;
  if (ec == Condition::timeout) return CloseReason::timed_out;
  if (ec == Condition::protocol || ec == Condition::limit) return CloseReason::protocol_error;
  if (ec == Condition::usage) return CloseReason::cancelled;
  return CloseReason::io_error;
}

}  // namespace

Call::Call(const ClientCore& client, const Request& request, const Target& target)
    : client_(client),
      request_(&request),
      target_(target),
      start_(client.manager->clock().now()),
      workspace_(core::take_workspace()),
      settings_{.budgets = core::merge(request.options.timeouts, client.budgets), .limits = client.limits},
      exchange_(request, settings_, *workspace_),
      max_body_size_(request.options.max_body_size.value_or(client.max_body_size)) {
  settings_.total = after(start_, std::max(settings_.budgets.total, Duration::zero()));
  settings_.close = client.never_reuse;
  settings_.may_upgrade = target_.may_upgrade;
  ExchangeInfo& info = target_.info;
  info.connection_reused = false;
  info.attempts = 0;
  info.redirects.clear();
  info.effective_url.clear();
  info.decoded.clear();
  info.timings = {};
  info.close_reason = CloseReason::none;
  info.proxy_refusal.status = 0;
  info.proxy_refusal.body.clear();
}

/// What the request that is sent wants otherwise, where that is not the one that the call was made with.
void Call::adopt_options() {
  const RequestOptions& options = request_->options;
  settings_.budgets = core::merge(options.timeouts, client_.budgets);
  settings_.total = after(start_, std::max(settings_.budgets.total, Duration::zero()));
  max_body_size_ = options.max_body_size.value_or(client_.max_body_size);
}

/// Everything about the request that can be wrong before there is a connection, but its head and body.
std::error_code Call::set_up() {
  if (client_.prepares_requests || !request_->query.empty()) {
    url_ = client_.defaults.url_of(*request_);
    ask_interceptors();
    if (is_answered()) return {};
  }
  if (const char* member = core::negative_member(request_->options.timeouts)) {
    detail_ = std::string("options.") + member + " must not be negative";
    return Error::invalid_option;
  }
  if (request_->options.max_redirects.value_or(0) < 0) {
    detail_ = "options.max_redirects must not be negative";
    return Error::invalid_option;
  }
  return begin_hop(start_);
}

/// Where the request goes, by which way.
std::error_code Call::begin_hop(TimePoint now) {
  std::error_code ec;
  workspace_->set_url(url(), ec, own_ ? client_.defaults.library_fields() : client_.defaults.fields());
  if (ec) {
    detail_ = wrong_part(url());
    return ec;
  }
  const Url& url = workspace_->url();
  add_fields();
  const bool has_userinfo = !url.userinfo().empty();
  const bool as_asked = url_.empty() && workspace_->has_url_as_given();
  lacks_url_ = target_.lacks_own_url && !own_ && !has_userinfo && as_asked;
  if (lacks_url_) {
    target_.info.effective_url.clear();
  } else if (!has_userinfo) {
    target_.info.effective_url.assign(url.str());
  } else {
    target_.info.effective_url = url.redacted();
  }
  if (settings_.total <= now) return Error::total_timeout;
  if (client_.logins || login_ || has_userinfo) [[unlikely]]
    ec = choose_login();
  return ec ? ec : choose_way();
}

/// What this hop's request says beside its own fields and the standing ones.
void Call::add_fields() {
  settings_.added_fields.clear();
  if (request_->options.decoding == ContentDecoding::on && !client_.decodes) accept_codings();
  if (client_.cookies) add_cookies();
}

/// The request's head and body for one more try.
std::error_code Call::begin_try() {
  std::error_code ec;
  detail_.clear();
  exchange_.prepare(ec, detail_);
  phase_ = ec ? Phase::prepare : Phase::lease;
  if (!ec) ++target_.info.attempts;
  return ec;
}

LeaseRequest Call::wish(bool fresh) const {
  return {.route = workspace_->route(),
          .lease_timeout = settings_.budgets.lease,
          .dial = {settings_.budgets.connect, settings_.budgets.tls_handshake},
          .total = settings_.total,
          .fresh = fresh};
}

/// What became of the wish for a connection.
std::error_code Call::take_lease(LeaseRequest& wanted, TimePoint now) {
  ExchangeInfo& info = target_.info;
  const auto connect = std::chrono::duration_cast<std::chrono::microseconds>(wanted.connect_time);
  if (wanted.error) {
    info.timings.connect = connect;
    phase_ = wanted.phase;
    detail_ = std::move(wanted.detail);
    info.proxy_refusal = std::move(wanted.refusal);
    was_reused_ = false;
    info.timings.total = elapsed(now);
    return wanted.error;
  }
  lease_ = std::move(wanted.lease);
  lease_is_there(now, connect);
  return {};
}

void Call::lease_is_there(TimePoint now, std::chrono::microseconds connect) {
  target_.info.timings.lease = elapsed(now);
  target_.info.timings.connect = connect;
  was_reused_ = lease_.reused();
  target_.info.connection_reused = connection().served() > 0;
}

/// The head is complete since `now`, and with it perhaps the body.
std::error_code Call::head_arrived(TimePoint now) {
  phase_ = Phase::read;
  connection().count_response();
  target_.info.timings.first_byte = elapsed(now);
  plan_reuse();
  received_ = 0;
  if (request_->progress) [[unlikely]]
    progress_ = std::make_unique<const ProgressFunction>(request_->progress);
  std::error_code ec;
  if (decoder_) {  // of a try whose body was cut off
    decoder_.reset();
    target_.info.decoded.clear();
  }
  const bool upgraded = target_.head.status == 101;
  if (upgraded) settings_.total = never;
  if (exchange_.framing_fields().content_encodings > 0 && !upgraded) begin_decoding(ec);
  if (ec) return fail(ec);
  if (!client_.interceptors.empty()) ask_strategy([&] { tell_interceptors(); });
  if (target_.whole != nullptr) {
    ec = begin_body();
    take_received_body(ec);
  }
  if (ec) return fail(ec);
  if (exchange_.response_done()) finish(now);
  return ec;
}

void Call::plan_reuse() {
  planned_ = settings_.close ? CloseReason::request_close
                             : core::check_reuse(*request_, target_.head, exchange_.framing_fields());
  if (planned_ == CloseReason::none && !client_.default_reuse) {
    planned_ = ask_strategy([&] { return client_.reuse(*request_, target_.head); });
  }
}

/// For how long the connection may be kept.
Duration Call::keep_alive() {
  if (client_.default_keep_alive && exchange_.framing_fields().keep_alives == 0) {
    return client_.default_keep_alive->silent;
  }
  return ask_strategy([&] { return client_.keep_alive(target_.head, workspace_->route()); });
}

/// The response is complete since `now`.
void Call::finish(TimePoint now) {
  CloseReason reason = exchange_.verdict();
  if (reason == CloseReason::none) reason = planned_;
  if (reason == CloseReason::none) {
    reason = lease_.give_back(keep_alive(), now);
  } else {
    lease_.discard(reason);
  }
  target_.info.close_reason = reason;
  target_.info.timings.total = elapsed(now);
}

void Call::note_tls_failure() noexcept try {
  detail_ = connection().transport().failure();
} catch (const std::bad_alloc&) {
  // The error is told without it.
}

/// The try has failed: its connection is of no more use.
std::error_code Call::fail(std::error_code ec) noexcept {
  if (phase_ != Phase::read) phase_ = exchange_.phase();
  if (ec == Condition::tls) note_tls_failure();
  target_.info.close_reason = exchange_.body_failed() ? CloseReason::cancelled : reason_of(ec);
  target_.info.timings.total = elapsed(client_.manager->clock().now());
  lease_.discard(target_.info.close_reason);
  return ec;
}

}  // namespace headway::exec
