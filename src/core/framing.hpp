// SPDX-License-Identifier: BSL-1.0
#pragma once

// Where a response's body ends: RFC 9112 section 6.3 as one pure function.

#include "src/core/framing_fields.hpp"

#include <headway/error.hpp>
#include <headway/response.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace headway::core {

enum class Framing {
  none,         ///< no body at all
  length,       ///< exactly `length` bytes
  chunked,      ///< RFC 9112 section 7.1
  until_close,  ///< whatever comes before the server closes
};

struct BodyFraming {
  Framing kind = Framing::none;
  std::uint64_t length = 0;    ///< for Framing::length alone
  std::optional<Error> error;  ///< set: the framing cannot be trusted, nothing of the body may be read
};

/// The framing of the final response `head`, whose fields say `fields`, to a request of `method`. Stricter
/// than the RFC asks where leniency has been an attacker's tool: Content-Length beside Transfer-Encoding,
/// Content-Length lists or repetitions even where equal, signs, and Transfer-Encoding in an HTTP/1.0 response
/// are Error::ambiguous_framing. A body announced where there can be none (204 with Content-Length above 0,
/// 205 likewise) is Error::malformed_response.
BodyFraming body_framing(std::string_view method, const ResponseHead& head, const FramingFields& fields);

}  // namespace headway::core
