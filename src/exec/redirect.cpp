// SPDX-License-Identifier: BSL-1.0
// What a call does about a 3xx response: asks the strategy, holds its answer to the client's options, and
// becomes the next request.
#include "src/exec/call.hpp"

#include <algorithm>

namespace headway::exec {

namespace {

/// What tells one request of a call from another. Fields that depend on the URL, such as cookies, make
/// another request of it: a server may set one and redirect to the same place.
std::string key_of(const Request& request, std::string_view added_fields) {
  std::string key = request.method + ' ';
  return key.append(without_fragment(request.url)).append("\n").append(added_fields);
}

}  // namespace

/// Preconditions: the response is a 3xx.
Call::Step Call::consider_redirect(std::error_code& ec) {
  const int most = request_->options.max_redirects.value_or(client_.redirects.max_redirects);
  if (most == 0) return Step::deliver;
  const Url& from = workspace_->url();
  const int number = static_cast<int>(target_.info.redirects.size()) + 1;
  std::optional<NextRequest> next = ask_strategy([&] {
    return client_.redirect({target_.head, from, request_->method, number});
  });
  if (!next) return Step::deliver;
  std::optional<RedirectPlan> plan =
      plan_redirect(from, request_->body, std::move(*next), client_.redirects.downgrade, ec);
  if (ec == Error::invalid_option) detail_ = "what redirect_strategy returned";
  if (!plan) return Step::deliver;
  if (number > most) {
    ec = Error::too_many_redirects;
    return Step::deliver;
  }
  own_request();
  if (number == 1) own_->asked.push_back(key_of(*request_, settings_.added_fields));
  own_->plan = std::move(*plan);
  return Step::move;
}

/// Makes the call's request the next one. Errors: those of begin_hop; redirect_loop.
std::error_code Call::take_redirect(TimePoint now) {
  target_.info.redirects.push_back({target_.head.status, effective_url()});
  phase_ = Phase::prepare;
  follow(own_->plan, client_.redirects, own_->request);
  if (const std::error_code ec = begin_hop(now)) return ec;
  std::vector<std::string>& asked = own_->asked;
  std::string key = key_of(own_->request, settings_.added_fields);
  if (std::find(asked.begin(), asked.end(), key) != asked.end()) return Error::redirect_loop;
  asked.push_back(std::move(key));
  return {};
}

}  // namespace headway::exec
