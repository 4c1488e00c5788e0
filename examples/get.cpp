// SPDX-License-Identifier: BSL-1.0

// Asks for a URL and prints what comes back.

#include <headway/client.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: get URL\n";
    return 2;
  }
  try {
    headway::Client client;
    std::cout << client.get(argv[1]).text();
  } catch (const std::exception& error) {  // "GET http://…: connect: connection refused …"
    std::cerr << error.what() << '\n';
    return 1;
  }
}
