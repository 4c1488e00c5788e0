// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a test server reads what a client sends. Used by the thread of one connection.

#include <headway/testing/received_request.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace headway::testing {

/// Without blanks around it.
std::string_view trimmed(std::string_view text);
/// Whether a header line is that of the field `name`, whatever its case.
bool names_field(std::string_view line, std::string_view name);
/// Whether a head, which may have a body behind it, says `Connection: close`.
bool says_close(std::string_view head);

/// Reads request line and fields out of `head`, which ends with an empty line. Throws std::runtime_error on
/// what no client may send.
ReceivedRequest parse_request_head(std::string_view head);

/// Undoes chunked coding as the bytes come in.
class ChunkedDecoder {
 public:
  /// `bytes` is all that has come since the body began, more with each call. Returns whether the body and its
  /// trailers are complete. Throws std::runtime_error on broken coding.
  bool advance(std::string_view bytes);
  /// How many of the bytes belong to this body, as far as it is known.
  std::size_t consumed() const noexcept { return consumed_; }
  const std::string& body() const noexcept { return body_; }

 private:
  enum class Part { chunks, trailers } part_ = Part::chunks;
  std::size_t consumed_ = 0;
  std::string body_;
};

/// The size that Content-Length gives, 0 where there is none. Throws std::runtime_error if it is no number.
std::size_t content_length(const ReceivedRequest& request);

}  // namespace headway::testing
