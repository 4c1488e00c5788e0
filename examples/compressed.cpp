// SPDX-License-Identifier: BSL-1.0

// Counts the bytes of a body before and after its content coding, with limits against one that swells.

#include <headway/headway.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <array>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: compressed URL\n";
    return 2;
  }
  try {
    headway::Client client{{.limits = {.max_decoded_size = 10'000'000, .max_decoding_ratio = 200}}};
    headway::ResponseStream stream = client.open({.url = argv[1]});
    std::array<char, 64 * 1024> buffer;
    std::size_t size = 0;
    std::error_code ec;
    while (const std::size_t n = stream.read_some(asio::buffer(buffer), ec)) size += n;
    if (ec != asio::error::eof) throw std::system_error(ec);
    std::cout << size << " bytes out of \"" << stream.info().decoded << "\"\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
