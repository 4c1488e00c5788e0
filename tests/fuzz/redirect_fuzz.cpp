// SPDX-License-Identifier: BSL-1.0

// DefaultRedirectStrategy and plan_redirect on any Location: what is followed can be asked for, and takes
// neither the server's user name and password nor ours to another origin. The input is a status's last digit,
// the URL that is left, a NUL and a Location.

#include "src/exec/redirect_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace headway;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Url& from, const ResponseHead& head) {
  std::optional<NextRequest> next = DefaultRedirectStrategy{}({head, from, "POST"});
  if (!next) return;
  std::error_code ec;
  const auto plan = exec::plan_redirect(from, Body("x"), std::move(*next), Downgrade::allow, ec);
  require(plan && !ec);
  const Url to = Url::parse(plan->url, ec);
  require(!ec && plan->leaves_origin != exec::same_origin(from, to));
  require(to.userinfo() == (plan->leaves_origin ? std::string_view() : from.userinfo()));
  Request request{.method = "POST", .headers = {{"Authorization", "a"}, {"Content-Type", "b"}}, .body = "x"};
  exec::follow(*plan, {}, request);
  require(request.headers.contains("Authorization") != plan->leaves_origin);
  require(request.headers.contains("Content-Type") == (plan->body == RedirectBody::keep));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string_view text = input.substr(0, input.find('\0'));
  std::error_code ec;
  const Url from = Url::parse(text, ec);
  if (ec) return 0;
  ResponseHead head{.status = 300 + data[0] % 10};
  head.headers.add("Location", input.substr(std::min(text.size() + 1, input.size())));
  check(from, head);
  return 0;
}
