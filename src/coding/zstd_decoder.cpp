// SPDX-License-Identifier: BSL-1.0
#include "src/coding/decoders.hpp"
#include "src/coding/framed_decoder.hpp"

#include <headway/error.hpp>

#include <zstd.h>
#include <zstd_errors.h>

#include <new>

namespace headway::coding {
namespace {

/// 8 MiB, the most that a decoder for the web has to support and a server may use (RFC 9659 section 3).
constexpr int largest_window_log = 23;

struct Free {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class ZstdDecoder final : public FramedDecoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest_window_log);
  }

 private:
  /// The first byte of a frame's magic number, or of a skippable frame's (RFC 8878 section 3.1).
  bool begin(unsigned char first, bool is_first) override {
    return is_first || first == 0x28 || (first & 0xf0) == 0x50;
  }

  Progress step(std::string_view in, std::span<char> out, bool& ended, std::error_code& ec) override {
    // Asked again and again with nothing to go on with, it would call that an error.
    if (in.empty() && !has_more_) return {};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &to, &from);
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (ZSTD_isError(result) != 0) ec = Error::malformed_coding;
    ended = result == 0;
    has_more_ = !ended && to.pos == to.size;
    return {from.pos, to.pos};
  }

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool has_more_ = false;  ///< the room was full, so that there may be output without further input
};

}  // namespace

DecoderPtr make_zstd_decoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace headway::coding
