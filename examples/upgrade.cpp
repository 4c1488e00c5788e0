// SPDX-License-Identifier: BSL-1.0

// Asks a server to speak another protocol on the same connection, sends it one line and shows its answer.

#include <headway/headway.hpp>

#include <array>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: upgrade URL PROTOCOL LINE\n";
    return 2;
  }
  try {
    headway::Client client;
    headway::ResponseStream response =
        client.open({.url = argv[1], .headers = {{"Connection", "Upgrade"}, {"Upgrade", argv[2]}}});
    if (response.head().status != 101) {
      std::cerr << "the server stays with HTTP: " << response.head().status << '\n';
      return 1;
    }
    headway::UpgradedStream stream(std::move(response));
    const std::string line = std::string(argv[3]) + '\n';
    for (std::size_t sent = 0; sent < line.size();) sent += stream.write_some(std::span(line).subspan(sent));

    std::array<char, 4096> buffer;
    std::error_code ec;
    for (bool ended = false; !ended && !ec;) {
      const std::size_t n = stream.read_some(buffer, ec);
      std::cout.write(buffer.data(), static_cast<std::streamsize>(n));
      ended = n > 0 && buffer[n - 1] == '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
