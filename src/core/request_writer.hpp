// SPDX-License-Identifier: BSL-1.0
#pragma once

// From a Request to the bytes of its head, and the framing of a chunked body. Pure: appends to a string.

#include "src/core/standing_fields.hpp"

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
  std::string_view authorization = {};            ///< the field's value; empty: no such field
  std::string_view proxy_authorization = {};      ///< the field's value; empty: no such field
  /// Whole fields, each with its CRLF, that the request does not have itself. Preconditions: they may be sent
  /// as they are.
  std::string_view added_fields = {};
};

/// What stands in the request line (RFC 9112 sections 3.2.1 and 3.2.2).
enum class TargetForm : std::uint8_t { origin, absolute };

/// What a URL and a client contribute to a head, encoded once for any number of requests. The standing fields
/// must outlive it.
class RequestTarget {
 public:
  RequestTarget() = default;
  explicit RequestTarget(const Url& url, TargetForm form = TargetForm::origin,
                         const StandingFields& fields = *usual_fields());

  /// The whole head of a plain GET, as write_head writes it.
  std::string_view plain_get() const noexcept { return text_; }
  const StandingFields& fields() const noexcept { return *fields_; }
  /// What follows the method: " /path HTTP/1.1 CRLF".
  std::string_view line() const noexcept { return {text_.data() + method_size, line_}; }
  /// The URL's own Host, with its CRLF.
  std::string_view host_line() const noexcept { return {text_.data() + method_size + line_, host_}; }
  /// What the request line has between the blanks.
  std::string_view uri() const noexcept { return {text_.data() + method_size + 1, line_ - 1 - version_size}; }

 private:
  static constexpr std::size_t method_size = 3;
  static constexpr std::size_t version_size = sizeof " HTTP/1.1\r\n" - 1;
  std::string text_ = "GET";
  std::size_t line_ = 0, host_ = 0;
  const StandingFields* fields_ = nullptr;
};

/// How the body that follows the head is framed.
enum class RequestFraming { none, length, chunked };

/// Whether the library writes this field itself, or decides by it about one request alone: Host, Connection,
/// Content-Length, Transfer-Encoding, Expect, Trailer, Proxy-Authorization.
bool is_of_one_request(std::string_view name) noexcept;

/// Nothing but method and URL are the request's own, as for most.
bool is_plain_get(const Request& request, const HeadFacts& facts) noexcept;

/// Appends request line and fields (RFC 9112 sections 3 and 5): Host first, then the request's own fields in
/// their order, then those that the library adds where the request has none: the standing ones, the added
/// ones, Proxy-Authorization, Content-Type of the body, Content-Length or Transfer-Encoding, Trailer, Expect,
/// Connection. A body of unknown length and any request with trailers is chunked; a method that expects a
/// body announces an empty one. Errors: invalid_method, invalid_header; `detail` then names what is wrong
/// ("method \"GE T\"", "header \"X Y\"", never a field's value), and `out` is as before.
[[nodiscard]] RequestFraming write_head(const Request& request, const RequestTarget& target,
                                        const HeadFacts& facts, std::string& out, std::error_code& ec,
                                        std::string& detail);

/// Whether a body of `length` bytes, unset where that is unknown, is to wait for a 100.
inline bool asks_for_continue(const RequestOptions& options, std::optional<std::uint64_t> length) noexcept {
  return options.expect_continue == ExpectContinue::always ||
         (options.expect_continue == ExpectContinue::large &&
          length.value_or(UINT64_MAX) >= options.expect_continue_from);
}

/// Appends "SIZE CRLF" of a chunk of `size` bytes, which CRLF must follow. Preconditions: size > 0.
void write_chunk_size(std::size_t size, std::string& out);

/// Appends the last chunk, the trailers and the empty line (RFC 9112 section 7.1). Preconditions: write_head
/// accepted the request.
void write_last_chunk(const Headers& trailers, std::string& out);

}  // namespace headway::core
