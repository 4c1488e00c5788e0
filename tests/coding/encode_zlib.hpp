// SPDX-License-Identifier: BSL-1.0
#pragma once

// zlib's compressor, for tests of what undoes it. Throws std::runtime_error where the library refuses.

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace headway::testing {

/// `window`: 15 for zlib's format, 31 for gzip's, -15 for bare deflate.
inline std::string deflated(std::string_view text, int window, int level = 6) {
  z_stream stream = {};
  if (deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

inline std::string gzipped(std::string_view text) { return deflated(text, 31); }
inline std::string zlibbed(std::string_view text) { return deflated(text, 15); }
inline std::string bare_deflated(std::string_view text) { return deflated(text, -15); }

}  // namespace headway::testing
