// SPDX-License-Identifier: BSL-1.0

// What a user's program may look like: it succeeds only if the library's own code is in it and works.

#include <headway/headway.hpp>

#include <cstdlib>
#include <iostream>

int main() {
  const headway::Url url("http://Example.com:8080/hello?to=you");
  const headway::Headers headers = {{"Accept", "text/plain"}};
  const headway::HttpRoute route(url.scheme(), url.host(), url.port());
  std::cout << url.str() << ' ' << headers["accept"] << ' ' << route.str() << '\n';
  const bool right = url.port() == 8080 && headers["accept"] == "text/plain" && route.host() == "example.com";
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
