// SPDX-License-Identifier: BSL-1.0
#pragma once

// From a Request to the bytes of its head, and the framing of a chunked body. Pure: appends to a string.

#include <headway/request.hpp>
#include <headway/url.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

namespace headway::core {

/// What the writer has to know beside the request itself.
struct HeadFacts {
  std::optional<std::uint64_t> body_length = {};  ///< nothing: not known beforehand
  bool close = false;                             ///< add `Connection: close`, once, whatever the request has
};

/// How the body that follows the head is framed.
enum class RequestFraming { none, length, chunked };

/// Appends request line and fields (RFC 9112 sections 3 and 5): Host first, then the request's own fields in
/// their order, then those that the library adds where the request has none: User-Agent ("headway/VERSION"),
/// Accept ("*/*"), Content-Type of the body, Content-Length or Transfer-Encoding, Trailer, Expect,
/// Connection. A body of unknown length and any request with trailers is chunked; a method that expects a
/// body announces an empty one. Errors: invalid_method, invalid_header; `detail` then names what is wrong
/// ("method \"GE T\"", "header \"X Y\"", never a field's value), and `out` is as before.
[[nodiscard]] RequestFraming write_head(const Request& request, const Url& url, const HeadFacts& facts,
                                        std::string& out, std::error_code& ec, std::string& detail);

/// Appends "SIZE CRLF" of a chunk of `size` bytes, which CRLF must follow. Preconditions: size > 0.
void write_chunk_size(std::size_t size, std::string& out);

/// Appends the last chunk, the trailers and the empty line (RFC 9112 section 7.1). Preconditions: write_head
/// accepted the request.
void write_last_chunk(const Headers& trailers, std::string& out);

}  // namespace headway::core
