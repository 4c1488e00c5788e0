// SPDX-License-Identifier: BSL-1.0
#include "src/coding/body_decoder.hpp"

#include <headway/error.hpp>

#include <algorithm>

namespace headway::coding {
namespace {

constexpr std::size_t room_size = 16 * 1024;

}  // namespace

BodyDecoder::BodyDecoder(const std::vector<MakeDecoder>& steps, const DecodingLimits& limits)
    : limits_(limits), room_(room_size) {
  for (const MakeDecoder make : steps) stages_.push_back({make()});
  for (std::size_t i = 0; i + 1 < stages_.size(); ++i) stages_[i].held.resize(room_size);
}

void BodyDecoder::feed(std::string_view bytes) noexcept {
  input_ = bytes;
  received_ += bytes.size();
}

/// What stage `index` makes of what those before it have: fills `out` as far as that goes. Each stage is held
/// to the limits, since what swells in one may shrink in the next.
std::size_t BodyDecoder::run(std::size_t index, std::span<char> out, std::error_code& ec) {
  Stage& stage = stages_[index];
  std::string_view& input = input_of(index);
  while (true) {
    // Without input, too: there may be more of what it has been given.
    const Decoder::Progress made = stage.decoder->decode(input, out, ec);
    input.remove_prefix(made.consumed);
    stage.decoded += made.produced;
    check(stage.decoded, ec);
    const bool stuck = made.produced == 0 && !input.empty();
    if (!ec && (stuck || stage.decoder->skipped() > most_skipped)) ec = Error::malformed_coding;
    if (ec || made.produced > 0) return made.produced;
    if (index == 0) return 0;
    Stage& before = stages_[index - 1];
    const std::size_t size = run(index - 1, before.held, ec);
    if (ec || size == 0) return 0;
    before.left = {before.held.data(), size};
  }
}

std::size_t BodyDecoder::take(std::span<char> out, std::error_code& ec) {
  return run(stages_.size() - 1, out, ec);
}

void BodyDecoder::check(std::uint64_t decoded, std::error_code& ec) const noexcept {
  if (ec) return;
  if (limits_.size > 0 && decoded > limits_.size) {
    ec = Error::decoded_too_large;
  } else if (limits_.ratio > 0 && decoded > ratio_floor && decoded / limits_.ratio > received_) {
    ec = Error::compression_ratio;
  }
}

void BodyDecoder::finish(std::error_code& ec) const noexcept {
  const bool complete =
      std::all_of(stages_.begin(), stages_.end(), [](const Stage& s) { return s.decoder->may_end(); });
  if (!complete) ec = Error::body_truncated;
}

}  // namespace headway::coding
