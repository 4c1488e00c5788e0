// SPDX-License-Identifier: BSL-1.0
#pragma once

// The codings' own compressors, for tests of what undoes them. Each throws std::runtime_error where its
// library refuses.

#include "tests/coding/encode_zlib.hpp"

#include <brotli/encode.h>
#include <zstd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace headway::testing {

inline std::string brotlied(std::string_view text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size()) + 64;
  std::string out(size, '\0');
  if (BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, text.size(),
                            reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE)
    throw std::runtime_error("BrotliEncoderCompress");
  out.resize(size);
  return out;
}

inline std::string zstded(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  // A frame that knows its content's size may do without a window.
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
  ZSTD_inBuffer from{text.data(), text.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  std::size_t left = 1;
  while (left != 0 && ZSTD_isError(left) == 0) {
    left = ZSTD_compressStream2(context, &to, &from, from.pos < text.size() ? ZSTD_e_continue : ZSTD_e_end);
    if (left == 0 && from.pos < text.size()) left = 1;
    if (left == 0) left = ZSTD_compressStream2(context, &to, &from, ZSTD_e_end);
  }
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(left) != 0) throw std::runtime_error("ZSTD_compressStream2");
  out.resize(to.pos);
  return out;
}

}  // namespace headway::testing
