// SPDX-License-Identifier: BSL-1.0
#include "src/coding/framed_decoder.hpp"

namespace headway::coding {

Decoder::Progress FramedDecoder::decode(std::string_view in, std::span<char> out, std::error_code& ec) {
  Progress total;
  while (!ec && total.produced < out.size()) {
    const std::string_view left = in.substr(total.consumed);
    if (place_ != Place::within) {
      if (left.empty()) break;
      if (place_ == Place::behind || !begin(static_cast<unsigned char>(left[0]), place_ == Place::before)) {
        place_ = Place::behind;
        skipped_ += left.size();
        total.consumed = in.size();
        break;
      }
      place_ = Place::within;
    }
    bool ended = false;
    const Progress made = step(left, out.subspan(total.produced), ended, ec);
    total.consumed += made.consumed;
    total.produced += made.produced;
    if (ended) place_ = Place::between;
    if (!ended && made.consumed == 0 && made.produced == 0) break;
  }
  return total;
}

}  // namespace headway::coding
