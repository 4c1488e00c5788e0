// SPDX-License-Identifier: BSL-1.0

// Visits URLs with one jar of cookies, which is loaded from a file before and saved to it afterwards.

#include <headway/headway.hpp>

#include <iostream>
#include <memory>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: cookies FILE URL...\n";
    return 2;
  }
  try {
    const auto jar = std::make_shared<headway::CookieJar>();
    std::error_code none_yet;
    jar->load(argv[1], none_yet);

    headway::ClientOptions options;
    options.cookies = jar;
    headway::Client client{options};
    for (int i = 2; i < argc; ++i) std::cout << client.get(argv[i]).body << '\n';

    for (const headway::Cookie& cookie : jar->cookies())
      std::cout << cookie.domain << cookie.path << ' ' << cookie.name << '=' << cookie.value << '\n';
    jar->save(argv[1], headway::SessionCookies::kept);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
