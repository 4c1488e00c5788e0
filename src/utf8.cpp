// SPDX-License-Identifier: BSL-1.0

#include "src/utf8.hpp"

#include <cstddef>

namespace headway::detail {
namespace {

struct Sequence {
  std::size_t size = 1;  // bytes that belong together, well-formed or not
  bool valid = false;
};

/// What may follow a lead byte: how many bytes, and the range of the first of them, which keeps out overlong
/// forms, surrogates and what lies above U+10FFFF (Unicode 15, table 3-7).
struct Follow {
  std::size_t count = 0;
  unsigned char low = 0x80, high = 0xBF;
};

Follow follow(unsigned char lead) noexcept {
  if (lead >= 0xC2 && lead <= 0xDF) return {1};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {3};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

Sequence first_sequence(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {1, true};
  Follow next = follow(lead);
  Sequence sequence;
  for (std::size_t left = next.count; left > 0; --left, ++sequence.size) {
    if (sequence.size == text.size()) return sequence;
    const auto byte = static_cast<unsigned char>(text[sequence.size]);
    if (byte < next.low || byte > next.high) return sequence;
    next = {};
  }
  sequence.valid = sequence.size > 1;
  return sequence;
}

}  // namespace

std::string repaired_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t good = 0;  // leading bytes of `text` that are well-formed
  while (good < text.size()) {
    const Sequence sequence = first_sequence(text.substr(good));
    if (sequence.valid) {
      good += sequence.size;
      continue;
    }
    out.append(text.substr(0, good)).append(replacement_character);
    text.remove_prefix(good + sequence.size);
    good = 0;
  }
  return out.append(text);
}

}  // namespace headway::detail
