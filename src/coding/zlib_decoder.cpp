// SPDX-License-Identifier: BSL-1.0
// gzip and deflate, by zlib.
#include "src/coding/decoders.hpp"
#include "src/coding/framed_decoder.hpp"

#include <headway/error.hpp>

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace headway::coding {
namespace {

enum class Format : std::uint8_t { gzip, deflate };

constexpr int largest_window = 15;
constexpr int as_gzip = largest_window + 16;

uInt bounded(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

class ZlibDecoder final : public FramedDecoder {
 public:
  explicit ZlibDecoder(Format format) : format_(format) {
    if (inflateInit2(&stream_, as_gzip) != Z_OK) throw std::bad_alloc();
  }
  ~ZlibDecoder() override { inflateEnd(&stream_); }

 private:
  bool begin(unsigned char first, bool is_first) override {
    constexpr unsigned char gzip_magic = 0x1f;
    if (!is_first && (format_ != Format::gzip || first != gzip_magic)) return false;
    inflateReset2(&stream_, format_ == Format::gzip ? as_gzip : window_of_deflate(first));
    return true;
  }

  /// The method in the low bits is 8 in RFC 1950. Bare data would begin so only with a stored block whose
  /// padding is not zero, which nobody writes.
  static int window_of_deflate(unsigned char first) noexcept {
    return (first & 0x0f) == Z_DEFLATED ? largest_window : -largest_window;
  }

  Progress step(std::string_view in, std::span<char> out, bool& ended, std::error_code& ec) override {
    const uInt offered = bounded(in.size()), room = bounded(out.size());
    // zlib's signature; it does not write there.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = room;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    ended = result == Z_STREAM_END;
    // Z_BUF_ERROR: neither input nor room is left, which is no error.
    if (result != Z_OK && result != Z_BUF_ERROR && !ended) ec = Error::malformed_coding;
    return {offered - stream_.avail_in, room - stream_.avail_out};
  }

  z_stream stream_ = {};
  Format format_;
};

}  // namespace

DecoderPtr make_gzip_decoder() { return std::make_unique<ZlibDecoder>(Format::gzip); }
DecoderPtr make_deflate_decoder() { return std::make_unique<ZlibDecoder>(Format::deflate); }

}  // namespace headway::coding
