// SPDX-License-Identifier: BSL-1.0
#pragma once

// A bare TCP client of 127.0.0.1, with which the test servers themselves are tested. One thread at a time.

#include "src/testing/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headway::testing {

/// Every wait is bounded by `patience`; errors throw std::system_error with the errno.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);

  void send(std::string_view bytes);
  /// Exactly `size` bytes, fewer only at the end of the stream.
  std::string read(std::size_t size);
  /// Everything up to the end of the stream.
  std::string read_all() { return read(std::string::npos); }
  /// A head and as much body as its Content-Length says.
  std::string read_response();
  void half_close();
  void close() { socket_.reset(); }

 private:
  Descriptor socket_;
};

}  // namespace headway::testing
