// SPDX-License-Identifier: BSL-1.0
#include "src/core/reuse_check.hpp"

#include <algorithm>
#include <string_view>

namespace headway::core {
namespace {

bool is_number(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_above_zero(std::string_view text) noexcept {
  return is_number(text) && text.find_first_not_of('0') != text.npos;
}

bool may_have_body(std::string_view method, int status) noexcept {
  return method != "HEAD" && status >= 200 && status != 204 && status != 304;
}

CloseReason check_body_end(const FramingFields& fields) noexcept {
  if (fields.encodings == 0) {
    if (fields.lengths == 0) return CloseReason::close_delimited;
    const bool clear = fields.lengths == 1 && is_number(fields.length);
    return clear ? CloseReason::none : CloseReason::ambiguous_framing;
  }
  // A chain of codings is nobody's business here but its end: without "chunked" the body ends with the
  // connection, with it there are too many ways to read it.
  if (fields.encodings == 1 && equals_ignoring_case(fields.encoding, "chunked")) return CloseReason::none;
  return list_contains(fields.encoding, "chunked") ? CloseReason::ambiguous_framing
                                                   : CloseReason::close_delimited;
}

CloseReason check_framing(std::string_view method, const ResponseHead& head,
                          const FramingFields& fields) noexcept {
  if (fields.encodings > 0 && fields.lengths > 0) return CloseReason::ambiguous_framing;
  if (fields.encodings > 0 && head.minor_version == 0) return CloseReason::ambiguous_framing;
  if (head.status == 204 && (fields.encodings > 0 || is_above_zero(fields.length))) {
    return CloseReason::ambiguous_framing;
  }
  return may_have_body(method, head.status) ? check_body_end(fields) : CloseReason::none;
}

CloseReason check_persistence(const ResponseHead& head, const FramingFields& fields) noexcept {
  const ConnectionOptions& said = fields.connection.present ? fields.connection : fields.proxy_connection;
  if (said.close) return CloseReason::response_close;
  return head.minor_version == 0 && !said.keep_alive ? CloseReason::http10 : CloseReason::none;
}

}  // namespace

CloseReason check_reuse(const Request& request, const ResponseHead& head,
                        const FramingFields& fields) noexcept {
  if (head.status == 101) return CloseReason::upgraded;
  // A tunnel is open: whether it is kept is decided by what goes through it.
  const std::string_view method = request.method;
  if (method == "CONNECT" && head.status >= 200 && head.status < 300) return CloseReason::none;
  if (!request.headers.empty()) {
    const FramingFields asked(request.headers);
    if (asked.lengths > 0 && asked.encodings > 0) return CloseReason::ambiguous_framing;
    if (asked.connection.close) return CloseReason::request_close;
  }
  if (head.status == 408) return CloseReason::strategy;
  if (const CloseReason reason = check_framing(method, head, fields); reason != CloseReason::none) {
    return reason;
  }
  return check_persistence(head, fields);
}

}  // namespace headway::core
