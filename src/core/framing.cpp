// SPDX-License-Identifier: BSL-1.0
#include "src/core/framing.hpp"

#include <charconv>
#include <limits>

namespace headway::core {
namespace {

/// Digits alone: from_chars would take a leading minus for a signed type only, and stops at anything else.
std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  // The largest number stands for "without end" where bytes are counted down.
  if (failed != std::errc{} || end != text.data() + text.size() ||
      length == std::numeric_limits<std::uint64_t>::max()) {
    return std::nullopt;
  }
  return length;
}

bool never_has_body(std::string_view method, int status) {
  return method == "HEAD" || status / 100 == 1 || status == 304 || (method == "CONNECT" && status / 100 == 2);
}

BodyFraming failed(Error error) { return {.kind = Framing::none, .length = 0, .error = error}; }

BodyFraming by_transfer_encoding(const FramingFields& fields, int minor_version) {
  if (fields.lengths != 0 || minor_version == 0 || fields.codings == 0 || fields.chunked > 1) {
    return failed(Error::ambiguous_framing);
  }
  return {.kind = fields.chunked_last ? Framing::chunked : Framing::until_close, .length = 0, .error = {}};
}

}  // namespace

BodyFraming body_framing(std::string_view method, const ResponseHead& head, const FramingFields& fields) {
  // RFC 9112 section 6.3, steps 1 and 2.
  if (never_has_body(method, head.status)) return {};
  // Step 1 again: a 204 ends with its head, and chunks announced in it are not there. A length above zero
  // is a promise that cannot be kept and that somebody else may have believed.
  if (head.status == 204 && fields.lengths == 0) return {};
  // Steps 3 and 4.
  if (fields.encodings > 0) return by_transfer_encoding(fields, head.minor_version);
  // Step 8.
  if (fields.lengths == 0) return {.kind = Framing::until_close, .length = 0, .error = {}};
  // Steps 5 and 6.
  const std::optional<std::uint64_t> length = parse_length(fields.length);
  if (fields.lengths > 1 || !length) return failed(Error::ambiguous_framing);
  if ((head.status == 204 || head.status == 205) && *length > 0) return failed(Error::malformed_response);
  if (head.status == 204) return {};
  return {.kind = Framing::length, .length = *length, .error = {}};
}

}  // namespace headway::core
