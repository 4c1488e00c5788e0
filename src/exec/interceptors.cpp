// SPDX-License-Identifier: BSL-1.0
// What stands outermost around a call: the program's own callables.
#include "src/exec/call.hpp"

namespace headway::exec {

namespace {

std::string redacted(const std::string& url) {
  std::error_code ec;
  return Url::parse(url, ec).redacted();
}

}  // namespace

/// Sets OwnRequest::answered where one of them has answered: the call is over then.
void Call::ask_interceptors() {
  for (const Interceptor& interceptor : client_.interceptors) {
    if (interceptor.on_request) {
      if (std::optional<Response> response = interceptor.on_request(own_request())) {
        return take_answer(std::move(*response));
      }
    }
    ++asked_interceptors_;
  }
  if (!own_) return;
  Request& request = own_->request;
  request.url = with_query(client_.defaults.resolve(request.url), request.query);
  request.query.clear();
  adopt_options();
}

/// The response of an interceptor becomes the call's.
void Call::take_answer(Response response) {
  target_.head = std::move(static_cast<ResponseHead&>(response));
  target_.trailers = std::move(response.trailers);
  target_.info.effective_url = redacted(own_->request.url);
  std::string& body = target_.whole != nullptr ? *target_.whole : own_->unread;
  body = std::move(response.body);
  own_->answered = true;
  target_.info.timings.total = elapsed(client_.manager->clock().now());
  tell_interceptors();
}

void Call::tell_interceptors() {
  for (std::size_t i = asked_interceptors_; i-- > 0;) {
    const Interceptor& interceptor = client_.interceptors[i];
    if (interceptor.on_response) interceptor.on_response(*request_, target_.head, target_.info);
  }
}

/// A piece of the body of an interceptor's answer.
std::size_t Call::read_answer(std::span<char> into) {
  const std::size_t n = own_->unread.copy(into.data(), into.size(), own_->taken);
  own_->taken += n;
  return n;
}

}  // namespace headway::exec
