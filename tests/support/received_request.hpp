// SPDX-License-Identifier: BSL-1.0
#pragma once

// A request as a test server saw it on the wire: nothing normalised, so that tests can tell.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::testing {

struct ReceivedRequest {
  std::string method, target, version;
  std::vector<std::string> header_lines;  ///< in order, without line ends
  std::string body;                       ///< chunked coding undone
  std::string raw;                        ///< every byte of head and body as it came

  /// The first value of that name, whatever its case, without blanks around it.
  std::optional<std::string> header(std::string_view name) const;
  /// How often a field of that name came.
  int count(std::string_view name) const;
};

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
