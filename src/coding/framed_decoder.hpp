// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the decoders have in common: data may be one member behind the other (RFC 1952 section 2.2, RFC 8878
// section 3), and something else may stand behind the last.

#include "src/coding/decoder.hpp"

#include <cstdint>

namespace headway::coding {

class FramedDecoder : public Decoder {
 public:
  Progress decode(std::string_view in, std::span<char> out, std::error_code& ec) final;
  bool may_end() const noexcept final { return place_ != Place::within; }
  std::size_t skipped() const noexcept final { return skipped_; }

 protected:
  enum class Place : std::uint8_t { before, within, between, behind };

  /// Makes ready for a member that begins with this byte. False: none begins so, and none will follow. The
  /// first is always begun.
  virtual bool begin(unsigned char first, bool is_first) = 0;
  /// Decodes some of the member, at its end sets `ended`. Having consumed and produced nothing means that it
  /// cannot go on without more input or room.
  virtual Progress step(std::string_view in, std::span<char> out, bool& ended, std::error_code& ec) = 0;

 private:
  Place place_ = Place::before;
  std::size_t skipped_ = 0;
};

}  // namespace headway::coding
