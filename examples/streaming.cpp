// SPDX-License-Identifier: BSL-1.0

// Saves a body of any size without keeping it in memory.

#include <headway/client.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <array>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

void save(const char* url, const char* file) {
  headway::Client client;
  headway::ResponseStream stream = client.open({.url = url});  // returns once the head is there
  if (stream.head().status != 200) {
    stream.drain();  // the connection is worth more than the few bytes of an error page
    throw std::runtime_error("the server answered " + std::to_string(stream.head().status));
  }
  std::ofstream sink(file, std::ios::binary);
  std::array<char, 64 * 1024> buffer;
  std::error_code ec;
  while (std::size_t n = stream.read_some(asio::buffer(buffer), ec))
    sink.write(buffer.data(), static_cast<std::streamsize>(n));
  // Only eof says that the body is complete: one that was cut off is Error::body_truncated.
  if (ec != asio::error::eof) throw std::system_error(ec, "the body");
  sink.close();
  if (!sink) throw std::runtime_error(std::string("cannot write ") + file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: streaming URL FILE\n";
    return 2;
  }
  try {
    save(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
