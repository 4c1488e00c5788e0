// SPDX-License-Identifier: BSL-1.0
#include "src/coding/decoders.hpp"
#include "src/coding/framed_decoder.hpp"

#include <headway/error.hpp>

#include <brotli/decode.h>

#include <new>

namespace headway::coding {
namespace {

struct Destroy {
  void operator()(BrotliDecoderState* state) const noexcept { BrotliDecoderDestroyInstance(state); }
};

class BrotliDecoder final : public FramedDecoder {
 public:
  BrotliDecoder() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (!state_) throw std::bad_alloc();
  }

 private:
  bool begin(unsigned char, bool is_first) override { return is_first; }

  Progress step(std::string_view in, std::span<char> out, bool& ended, std::error_code& ec) override {
    auto next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    auto next_out = reinterpret_cast<std::uint8_t*>(out.data());
    std::size_t in_left = in.size(), out_left = out.size();
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state_.get(), &in_left, &next_in, &out_left, &next_out, nullptr);
    ended = result == BROTLI_DECODER_RESULT_SUCCESS;
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      const BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state_.get());
      const bool no_memory = code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
                             code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
      if (no_memory) throw std::bad_alloc();
      ec = Error::malformed_coding;
    }
    return {in.size() - in_left, out.size() - out_left};
  }

  std::unique_ptr<BrotliDecoderState, Destroy> state_;
};

}  // namespace

DecoderPtr make_brotli_decoder() { return std::make_unique<BrotliDecoder>(); }

}  // namespace headway::coding
