// SPDX-License-Identifier: BSL-1.0
#include "src/drive/eager_receive.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>

#include <array>

namespace headway::drive {
namespace {

#ifdef ASIO_HAS_IO_URING_AS_DEFAULT
bool ask() { return false; }
#else
bool ask() {
  std::array<char, 1> into{};
  asio::io_context context;
  asio::local::stream_protocol::socket mine(context), peer(context);
  std::error_code ec;
  asio::local::connect_pair(mine, peer, ec);
  return !ec && finds_nothing([&] {
    mine.async_receive(asio::buffer(into), MSG_DONTWAIT, [](std::error_code, std::size_t) {});
  });
}
#endif

}  // namespace

bool receives_eagerly() {
  static const bool eagerly = ask();
  return eagerly;
}

}  // namespace headway::drive
