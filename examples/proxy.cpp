// SPDX-License-Identifier: BSL-1.0

// Asks for a URL through a proxy, or through the one that the environment names, and tells what the proxy
// said if it refused.

#include <headway/client.hpp>
#include <headway/proxy.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: proxy URL [PROXY, as in http://user:password@proxy.example:3128]\n";
    return 2;
  }
  try {
    headway::Client client{{
        .proxy = argc == 3 ? headway::Proxy{.url = argv[2]} : headway::Proxy::from_environment(),
    }};
    std::cout << client.get(argv[1]).text();
  } catch (const headway::RequestError& error) {
    std::cerr << error.what() << '\n' << error.request().proxy_refusal.body;
    return 1;
  } catch (const std::exception& error) {  // "proxy.url has a malformed scheme: invalid option"
    std::cerr << error.what() << '\n';
    return 1;
  }
}
