// SPDX-License-Identifier: BSL-1.0

// A program whose client lives to the very end, with settings that are all the system's. Says the body at the
// URL that it is given, or what failed.

#include <headway/headway.hpp>

#include <iostream>

namespace {
headway::Client client;
}

int main(int, char** argv) {
  try {
    std::cout << client.get(argv[1]).body << '\n';
  } catch (const std::system_error& failed) {
    std::cout << failed.what() << '\n';
  }
}
