// SPDX-License-Identifier: BSL-1.0
#pragma once

// What turns the bytes of one content coding (RFC 9110 section 8.4.1) back into what they stand for, piece by
// piece. No I/O. One thread at a time.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace headway::coding {

class Decoder {
 public:
  struct Progress {
    std::size_t consumed = 0, produced = 0;
  };

  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Goes on until `out` is full or `in` is used up; a full `out` may mean that there is more to come without
  /// further input. What follows the end of the data and does not begin like more of it is skipped, as
  /// browsers do. Preconditions: `out` is not empty, nothing has failed. Errors: malformed_coding;
  /// std::bad_alloc is thrown.
  virtual Progress decode(std::string_view in, std::span<char> out, std::error_code& ec) = 0;
  /// Whether the input may end here: behind its end, or before its first byte, since servers label empty
  /// bodies, too.
  virtual bool may_end() const noexcept = 0;
  /// How many bytes behind the end of the data were skipped.
  virtual std::size_t skipped() const noexcept = 0;
};

using DecoderPtr = std::unique_ptr<Decoder>;

}  // namespace headway::coding
