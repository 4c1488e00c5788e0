// SPDX-License-Identifier: BSL-1.0
#pragma once

// The decoders, each of which is there if its library was when this one was built. They throw std::bad_alloc.

#include "src/coding/decoder.hpp"

namespace headway::coding {

/// RFC 1952; members one behind the other are one. About 40 KiB of memory.
DecoderPtr make_gzip_decoder();
/// RFC 1950 as RFC 9110 says, and the bare RFC 1951 that some servers mean by it. About 40 KiB of memory.
DecoderPtr make_deflate_decoder();
/// RFC 7932. At most about 16 MiB of memory.
DecoderPtr make_brotli_decoder();
/// RFC 8878; frames one behind the other are one. A window of more than 8 MiB is refused (RFC 9659), which
/// bounds the memory at about that.
DecoderPtr make_zstd_decoder();

}  // namespace headway::coding
