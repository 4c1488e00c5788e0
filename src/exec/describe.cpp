// SPDX-License-Identifier: BSL-1.0
// What the error of a call says beside its code.
#include "src/exec/call.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace headway::exec {
namespace {

/// A URL that could not be parsed, without anything that may have been meant as user name and password.
std::string without_userinfo(std::string url) {
  const std::size_t at = url.rfind('@');
  if (at == std::string::npos) return url;
  const std::size_t slashes = url.find("//");
  const std::size_t begin = slashes == std::string::npos || slashes > at ? 0 : slashes + 2;
  return url.erase(begin, at + 1 - begin);
}

/// "1500 ms", "30 s".
std::string in_words(Duration time) {
  constexpr Duration second = std::chrono::seconds(1);
  return time % second == Duration::zero() ? std::to_string(time / second) + " s"
                                           : std::to_string(time.count()) + " ms";
}

/// The option whose limit was reached, and its value; empty for other errors.
std::string limit_behind(std::error_code ec, const core::Budgets& budgets) {
  if (ec == Error::lease_timeout) return "timeouts.lease " + in_words(budgets.lease);
  if (ec == Error::connect_timeout) return "timeouts.connect " + in_words(budgets.connect);
  if (ec == Error::tls_handshake_timeout) return "timeouts.tls_handshake " + in_words(budgets.tls_handshake);
  if (ec == Error::write_timeout) return "timeouts.write " + in_words(budgets.write);
  if (ec == Error::response_timeout) return "timeouts.response " + in_words(budgets.response);
  if (ec == Error::read_timeout) return "timeouts.read " + in_words(budgets.read);
  if (ec == Error::total_timeout) return "timeouts.total " + in_words(budgets.total);
  return {};
}

}  // namespace

/// "127.0.0.1:80: no answer; timeouts.connect 10 s". What the caller's own functions say is not of this call.
std::string Call::detail_of(std::error_code ec) const {
  if (exchange_.body_failed()) return detail_;
  std::string more = limit_behind(ec, settings_.budgets);
  if (ec == Error::body_too_large && target_.whole != nullptr)
    more = "max_body_size " + std::to_string(max_body_size_);
  if (ec == Error::body_truncated && exchange_.has_begun()) {
    const std::uint64_t missing = exchange_.known_remaining().value_or(0);
    if (missing > 0)
      more = std::to_string(missing) + (missing == 1 ? " byte is missing" : " bytes are missing");
  }
  return detail_.empty() || more.empty() ? detail_ + more : detail_ + "; " + more;
}

FailedRequest Call::describe_response(std::error_code ec) const {
  FailedRequest failed;
  failed.url = target_.info.effective_url;
  failed.phase = phase_;
  failed.attempts = target_.info.attempts;
  failed.detail = detail_of(ec);
  failed.proxy_refusal = target_.info.proxy_refusal;
  return failed;
}

FailedRequest Call::describe(std::error_code ec) const {
  FailedRequest failed = describe_response(ec);
  failed.method = request_->method;
  failed.url = effective_url().empty() ? without_userinfo(url()) : effective_url();
  return failed;
}

}  // namespace headway::exec
