// SPDX-License-Identifier: BSL-1.0

// Asks for a URL, follows its redirects within one host, and prints which way that went.

#include <headway/headway.hpp>

#include <iostream>
#include <optional>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: redirects URL\n";
    return 2;
  }
  // A 3xx that the strategy does not want is the call's response.
  const auto stay = [](const headway::RedirectResponse& redirect) {
    std::optional<headway::NextRequest> next = headway::DefaultRedirectStrategy{}(redirect);
    if (next && headway::Url(next->url).host() != redirect.url.host()) next.reset();
    return next;
  };
  headway::Client client{{
      .redirects = {.max_redirects = 5, .sensitive_headers = {"X-Tenant"}},
      .redirect_strategy = stay,
  }};
  std::error_code ec;
  const headway::Response response = client.get(argv[1], ec);
  for (const headway::FollowedRedirect& redirect : response.info.redirects) {
    std::cout << redirect.status << ' ' << redirect.url << '\n';
  }
  if (ec) {
    std::cerr << response.info.effective_url << ": " << ec.message() << '\n';
    return 1;
  }
  std::cout << response.status << ' ' << response.info.effective_url << '\n';
}
