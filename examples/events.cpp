// SPDX-License-Identifier: BSL-1.0

// Prints the events of a server that sends them one by one, as language models do.

#include <headway/headway.hpp>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: events URL\n";
    return 2;
  }
  headway::Client client;
  try {
    headway::EventStream events(client, {.url = argv[1]}, {.reconnect = headway::Reconnect::on});
    headway::Event event;
    while (events.next(event)) std::cout << event.type << ": " << event.data << std::endl;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
