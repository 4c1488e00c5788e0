// SPDX-License-Identifier: BSL-1.0

// Asks servers that want to know who asks: by a netrc file, and by a token for one API.

#include <headway/headway.hpp>

#include <iostream>

namespace {

/// Where a real program would ask its identity provider.
std::string fetch_token() { return "fresh"; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: credentials NETRC API_ORIGIN URL...\n";
    return 2;
  }
  try {
    headway::ClientOptions options;
    options.credentials = headway::read_netrc(argv[1]);
    const auto refresh = [](const std::string&) { return fetch_token(); };
    options.credentials.set(argv[2], headway::Bearer{.token = "old", .refresh = refresh});
    headway::Client client{options};
    for (int i = 3; i < argc; ++i) {
      const headway::Response response = client.get(argv[i]);
      std::cout << response.status << ' ' << response.body << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
