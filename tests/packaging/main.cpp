// SPDX-License-Identifier: BSL-1.0

// What a user's program may look like: it succeeds only if the library's own code is in it and works.

#include <headway/headway.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <cstdlib>
#include <iostream>
#include <system_error>

/// Whether an asynchronous call comes back, with what is wrong about it.
bool calls_back() {
  asio::io_context io;
  headway::Client client{io.get_executor()};
  std::error_code told;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        co_await client.async_get("ftp://example.com/", asio::redirect_error(asio::use_awaitable, told));
      },
      asio::detached);
  io.run();
  return told == headway::Error::unsupported_scheme;
}

int main() {
  const headway::Url url("http://Example.com:8080/hello?to=you");
  const headway::Headers headers = {{"Accept", "text/plain"}};
  const headway::HttpRoute route(url.scheme(), url.host(), url.port());
  std::cout << url.str() << ' ' << headers["accept"] << ' ' << route.str() << '\n';
  const bool right = url.port() == 8080 && headers["accept"] == "text/plain" && route.host() == "example.com";
  return right && calls_back() ? EXIT_SUCCESS : EXIT_FAILURE;
}
