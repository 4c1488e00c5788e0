// SPDX-License-Identifier: BSL-1.0
#pragma once

// From a server's bytes to one response: head, body, trailers, on llhttp. Owned by a connection, used by
// whoever has leased it, one thread at a time. It does no I/O and knows no time: the exchange feeds it.

#include "src/core/framing.hpp"

#include <headway/response.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>

namespace headway::core {

/// What a server may make us hold or skip. All 1 or more.
struct ReadLimits {
  std::size_t head_bytes =
      64 * 1024;             ///< status line and fields of one head, 1xx heads together, or trailers
  std::size_t fields = 128;  ///< fields of one head, or of the trailers
  int informational = 16;    ///< 1xx responses before the final one
  /// Bytes of chunk framing beyond what honest chunks need: a chunk's line may have 16 and twice its data's
  /// without being counted, unless it alone exceeds this limit and 16.
  std::size_t chunk_overhead = 16 * 1024;
};

class ResponseReader {
 public:
  ResponseReader();
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;
  ResponseReader& operator=(ResponseReader&&) noexcept;

  /// Expects the response to a request of `method`. Clears `head` and `trailers`, keeping their memory, and
  /// fills them while it parses: both must live until `done()` or the next `begin`. `upgrade_ok`: a 101 is a
  /// final response, and everything behind it until the connection's end its body; otherwise it is
  /// Error::unexpected_upgrade.
  void begin(std::string_view method, const ReadLimits& limits, ResponseHead& head, Headers& trailers,
             bool upgrade_ok = false);

  /// Parses bytes of the head and returns how many it took: all of them, or up to the end of the final head.
  /// Informational responses are skipped, counted and forgotten, except that `saw_continue()` remembers a
  /// 100. Preconditions: !head_done(), ec is clear. Errors: malformed_response, ambiguous_framing,
  /// head_too_large, too_many_fields, too_many_informational, unexpected_upgrade. After an error only `begin`
  /// may be called.
  std::size_t parse_head(std::string_view bytes, std::error_code& ec);

  bool head_done() const noexcept { return head_done_; }
  /// The response is complete: no byte more belongs to it.
  bool done() const noexcept { return done_; }
  bool saw_continue() const noexcept { return saw_continue_; }
  /// Any byte came since `begin`, a 1xx's too: the server has seen the request.
  bool saw_bytes() const noexcept { return saw_bytes_; }
  /// Valid once head_done().
  const BodyFraming& framing() const noexcept { return framing_; }
  /// What the head's fields say, as long as they are as they came. Valid once head_done().
  const FramingFields& framing_fields() const noexcept { return fields_; }

  /// How many of the next bytes on the connection are body as they are, so that they may be received straight
  /// to where they are wanted: what is left of a Content-Length, all for a close-delimited body, 0 for a
  /// chunked one.
  std::uint64_t raw_remaining() const noexcept;
  /// Counts `n` raw body bytes as read. Preconditions: n <= raw_remaining().
  void took_raw(std::uint64_t n) noexcept;

  struct Piece {
    std::string_view body;     ///< a part of the `bytes` given, possibly empty
    std::size_t consumed = 0;  ///< how many of the `bytes` are dealt with
  };
  /// Decodes from the front of `bytes` up to the end of one piece of body, the end of the response or the end
  /// of `bytes`, whichever comes first. Works for every framing. Preconditions: head_done() && !done(),
  /// ec is clear.
  /// Errors: malformed_response, head_too_large and too_many_fields (trailers), chunk_overhead.
  Piece parse_body(std::string_view bytes, std::error_code& ec);

  /// The server has closed. Completes a close-delimited body. Errors: connection_closed where no byte of a
  /// response had come, malformed_response inside a head, body_truncated inside a body.
  void end_of_input(std::error_code& ec);
  /// The connection has ended without the goodbye that its protocol asks for: who cut it off is not known,
  /// and no close-delimited body is complete.
  void cut_off(std::error_code& ec);

 private:
  struct Parser;  // llhttp's state, which no other file sees
  void end_head(std::error_code& ec);
  Piece parse_chunks(std::string_view bytes, std::error_code& ec);

  std::unique_ptr<Parser> parser_;
  FramingFields fields_;
  BodyFraming framing_;
  std::uint64_t remaining_ = 0;  // of the body, or of the chunk being read
  bool head_done_ = false;
  bool done_ = false;
  bool saw_continue_ = false;
  bool saw_bytes_ = false;
};

}  // namespace headway::core
