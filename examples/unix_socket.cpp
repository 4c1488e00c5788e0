// SPDX-License-Identifier: BSL-1.0

// Asks a service that listens on a Unix socket, as containers' and systems' daemons do:
//   unix_socket /run/docker.sock /version

#include <headway/client.hpp>

#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: unix_socket PATH TARGET\n";
    return 2;
  }
  try {
    headway::Client client{{.unix_socket = argv[1]}};
    // The host is what the Host field says; it is not looked up.
    std::cout << client.get(std::string("http://localhost") + argv[2]).text();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
