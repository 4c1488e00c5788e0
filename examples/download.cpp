// SPDX-License-Identifier: BSL-1.0

// Saves a URL as a file. Where that breaks off, the next call goes on from there.

#include <headway/headway.hpp>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: download URL FILE\n";
    return 2;
  }
  headway::Client client;
  try {
    const headway::Download download =
        client.download(argv[1], argv[2], {.resume = headway::Resume::on, .sync = headway::FileSync::on});
    if (!download.saved) {
      std::cerr << "the server answered " << download.status << '\n';
      return 1;
    }
    std::cout << download.size << " bytes, of which " << download.resumed_from << " were there\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
