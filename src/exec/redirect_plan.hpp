// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a redirect makes of a request, whatever the strategy says: pure functions. See
// <headway/redirect_strategy.hpp>.

#include <headway/redirect_strategy.hpp>
#include <headway/request.hpp>
#include <headway/url.hpp>

#include <optional>
#include <string>
#include <system_error>

namespace headway::exec {

bool same_origin(const Url& a, const Url& b) noexcept;

/// A redirect that is going to be followed.
struct RedirectPlan {
  std::string method;
  std::string url;
  bool leaves_origin = false;
  RedirectBody body = RedirectBody::keep;
};

/// What `next` comes to for a request that was sent to `from` with `request_body`. Nothing, without an error:
/// it is not followed. Errors: insecure_redirect; invalid_option where `next` is malformed.
std::optional<RedirectPlan> plan_redirect(const Url& from, const Body& request_body, NextRequest next,
                                          Downgrade downgrade, std::error_code& ec);

/// Changes the request into the next one.
void follow(const RedirectPlan& plan, const RedirectOptions& options, Request& request);

/// The URL without its fragment, which servers do not see.
std::string_view without_fragment(std::string_view url) noexcept;

}  // namespace headway::exec
