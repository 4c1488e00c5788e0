// SPDX-License-Identifier: BSL-1.0
#pragma once

// One call of a client: a lease, an exchange, and as many tries of it as evidence and strategy allow.
//
//   perform          the retry loop: what failed, may it be tried again, and when
//     a hop          one URL: the first, and one for each redirect
//       a try        lease, exchange up to the head, what the chain makes of that (chain.cpp), the body where
//                    it is wanted whole
//         finish     the response is complete: the connection is given back or closed, with a reason
//
// The steps of a try that hardly ever wait are no operations of their own.
//
// One thread at a time. The request must live until `perform` is done; what is left of the response can be
// read afterwards.

#include "src/core/exchange.hpp"
#include "src/exec/client_core.hpp"
#include "src/exec/own_request.hpp"

#include <memory>
#include <string>

namespace headway::exec {

class Call {
 public:
  /// Where the response goes. `whole`: read the body, too. All must outlive the call.
  struct Target {
    ResponseHead& head;
    Headers& trailers;
    ExchangeInfo& info;
    std::string* whole = nullptr;
    /// Whether `info` lacks the effective URL where that is the request's own, word for word: the caller has
    /// it, and may have no more use for it there.
    bool lacks_own_url = false;
    /// Whether the caller can do something with the connection that a 101 leaves.
    bool may_upgrade = false;
  };

  Call(const ClientCore& client, const Request& request, const Target& target);

  detail::Op<std::error_code> perform();

  /// Some of the body; 0 at its end, when the lease has ended. Errors end the lease.
  detail::Op<std::error_code> read_some(std::span<char> into, std::size_t& n);
  // After a 101: the connection itself, which neither an end nor an error closes.
  detail::Op<std::error_code> read_upgraded(std::span<char> into, std::size_t& n);
  core::IoResult write_upgraded(std::string_view bytes) { return connection().transport().write(bytes, {}); }
  Duration write_budget() const noexcept { return settings_.budgets.write; }
  int descriptor() const noexcept { return connection().native_handle(); }

  /// Takes what is left of the body if it is there already and small, and ends the lease in any case. Never
  /// blocks.
  void abandon() noexcept;
  /// Ends the lease and closes the connection.
  void close() noexcept;
  /// Whether there may be more of the body.
  bool is_open() const noexcept { return lease_ || (own_ && own_->has_unread()); }

  /// Whether a byte of the request, of any try of it, has left this machine.
  bool has_sent() const noexcept { return has_sent_ || exchange_.sent_anything(); }
  /// Whether `info` lacks the effective URL.
  bool lacks_url() const noexcept { return lacks_url_; }
  /// Of a call that failed with `ec`: for RequestError.
  FailedRequest describe(std::error_code ec) const;
  /// The same where the request may be gone: without its method.
  FailedRequest describe_response(std::error_code ec) const;

 private:
  std::error_code set_up();
  std::error_code begin_hop(TimePoint now);
  const std::string& effective_url() const noexcept {
    return lacks_url_ ? request_->url : target_.info.effective_url;
  }
  std::error_code choose_way();
  std::error_code begin_try();
  detail::LeaseRequest wish(bool fresh) const;
  std::error_code take_lease(detail::LeaseRequest& wanted, TimePoint now);
  void lease_is_there(TimePoint now, std::chrono::microseconds connect);
  template <class Ask>
  auto ask_strategy(Ask ask);
  core::LiveConnection& connection() const noexcept {
    return static_cast<core::LiveConnection&>(lease_.connection());
  }
  std::error_code head_arrived(TimePoint now);
  void plan_reuse();
  std::error_code begin_body();
  void take_received_body(std::error_code& ec);
  detail::Op<std::error_code> receive_body();
  void begin_decoding(std::error_code& ec);
  detail::Op<std::error_code> receive_decoded();
  detail::Op<std::error_code> read_decoded(std::span<char> into, std::size_t& n);
  void accept_codings();
  std::span<char> make_room();
  void take_body(std::span<char> room, std::size_t n, std::error_code& ec) const;
  void count_received(std::size_t n);
  Duration keep_alive();
  void finish(TimePoint now);
  std::string detail_of(std::error_code ec) const;
  void note_tls_failure() noexcept;
  std::error_code fail(std::error_code ec) noexcept;
  std::size_t room_for_body(std::size_t have) const noexcept;
  std::chrono::microseconds elapsed(TimePoint now) const noexcept {
    return std::chrono::duration_cast<std::chrono::microseconds>(now - start_);
  }

  /// What is to become of a response whose head is there.
  enum class Step {
    deliver,  ///< it is the call's
    repeat,   ///< the same request again, on the same connection where that can be
    wait,     ///< the same request again after `wait_`
    move,     ///< another request, perhaps to another server
  };
  /// One test, since every response takes it: whether anything but the caller may want this one.
  bool concerns_chain() const noexcept {
    return target_.head.status >= 300 || client_.cookies != nullptr || was_challenged_;
  }
  void add_fields();
  void add_cookies();
  void keep_cookies();
  void ask_interceptors();
  void tell_interceptors();
  void take_answer(Response response);
  std::size_t read_answer(std::span<char> into);
  bool is_answered() const noexcept { return own_ && own_->answered; }
  void adopt_options();
  Step next_step(std::error_code& ec);
  detail::Op<std::error_code> take_step(Step step);
  detail::Op<void> skip_response(Step step);
  detail::Op<CloseReason> drain(std::size_t most);
  Request& own_request();
  const std::string& url() const noexcept { return url_.empty() ? request_->url : url_; }

  std::error_code choose_login();
  bool asks_for_credentials();
  auth::Asking asking() const;
  std::error_code log_in();
  void confirm_logins();
  bool asks_for_login();
  Step consider_status_retry();
  Step consider_redirect(std::error_code& ec);
  std::error_code take_redirect(TimePoint now);

  bool may_replace(std::error_code ec) const;
  bool is_repeatable() const;
  bool may_repeat() const;
  std::optional<Duration> retry_delay(std::error_code ec, int counted_tries) const;
  detail::Op<bool> pause(Duration delay);

  const ClientCore& client_;
  const Request* request_;  ///< the caller's, or `own_->request`
  Target target_;
  TimePoint start_;
  core::WorkspacePtr workspace_;
  core::ExchangeSettings settings_;
  core::Exchange exchange_;
  /// The first, one for a stale nonce, one for a proxy that changes its mind.
  static constexpr int most_logins = 3;
  ProxyHopPtr hop_;  ///< null: no proxy
  int logins_left_ = most_logins;
  LoginPtr login_;  ///< to this hop's server; null: none
  int credential_tries_left_ = most_logins;
  /// What `settings_` say answers a challenge, and is not sent yet.
  bool proxy_answered_ = false, credential_answered_ = false;
  bool was_challenged_ = false;
  Lease lease_;
  CloseReason planned_ = CloseReason::none;  ///< what the reuse strategy said
  Phase phase_ = Phase::prepare;
  std::size_t asked_interceptors_ = 0;  ///< whose on_request has let the request pass
  Duration wait_{};
  std::uint64_t received_ = 0;  ///< of the body
  /// The request's: what is read as a stream may outlive it. Null: none.
  std::unique_ptr<const ProgressFunction> progress_;
  int status_retries_ = 0;
  bool was_reused_ = false;
  bool lacks_url_ = false;
  bool has_sent_ = false;  ///< in an earlier try
  std::size_t max_body_size_;
  std::string detail_;
  std::string url_;  ///< where the first hop goes, if it is not where the request says
  std::unique_ptr<coding::BodyDecoder> decoder_;  ///< null: the body is handed out as it comes
  std::unique_ptr<OwnRequest> own_;               ///< null: the request is sent as the caller made it
};

/// A strategy that throws has not said that the connection may be kept.
template <class Ask>
auto Call::ask_strategy(Ask ask) {
  try {
    return ask();
  } catch (...) {
    target_.info.close_reason = CloseReason::strategy;
    lease_.discard(CloseReason::strategy);
    throw;
  }
}

}  // namespace headway::exec
