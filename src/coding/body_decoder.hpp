// SPDX-License-Identifier: BSL-1.0
#pragma once

// The body of one response on its way through the decoders, which stand one behind the other, and what it may
// swell to. No I/O. One thread at a time.

#include "src/coding/codings.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway::coding {

struct DecodingLimits {
  std::uint64_t size = 0;   ///< bytes, decoded; 0: no limit
  std::uint64_t ratio = 0;  ///< decoded bytes for each one received, beyond `ratio_floor`; 0: no limit
};

/// So many bytes may come of however few.
constexpr std::uint64_t ratio_floor = 4 * 1024 * 1024;
/// How much may stand behind the end of the data, where it is skipped.
constexpr std::size_t most_skipped = 64 * 1024;

class BodyDecoder {
 public:
  /// Preconditions: 1 to most_codings steps.
  BodyDecoder(const std::vector<MakeDecoder>& steps, const DecodingLimits& limits);

  /// Room to receive into what `feed` is given next. Preconditions: wants_input().
  std::span<char> room() noexcept { return room_; }
  /// More of the body, which must live until wants_input() again. Preconditions: wants_input().
  void feed(std::string_view bytes) noexcept;
  bool wants_input() const noexcept { return input_.empty(); }

  /// Decoded bytes, at most as many as `out` has room for. 0: it wants input. Preconditions: `out` is not
  /// empty. Errors: malformed_coding, decoded_too_large, compression_ratio.
  std::size_t take(std::span<char> out, std::error_code& ec);
  /// The body has ended. Preconditions: take() returned 0. Errors: body_truncated.
  void finish(std::error_code& ec) const noexcept;

 private:
  struct Stage {
    DecoderPtr decoder;
    std::vector<char> held = {};  ///< what it has decoded for the next
    std::string_view left = {};   ///< of that
    std::uint64_t decoded = 0;    ///< bytes, so far
  };
  std::size_t run(std::size_t index, std::span<char> out, std::error_code& ec);
  std::string_view& input_of(std::size_t index) noexcept {
    return index == 0 ? input_ : stages_[index - 1].left;
  }
  void check(std::uint64_t decoded, std::error_code& ec) const noexcept;

  std::vector<Stage> stages_;
  DecodingLimits limits_;
  std::string_view input_;
  std::uint64_t received_ = 0;
  std::vector<char> room_;
};

}  // namespace headway::coding
