// SPDX-License-Identifier: BSL-1.0
#pragma once

// Which content codings this build knows, and what a response's Content-Encoding asks for (RFC 9110 section
// 8.4). Pure functions.

#include "src/coding/decoder.hpp"

#include <headway/headers.hpp>

#include <cstddef>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway::coding {

/// How often a body may have been encoded: nobody does so more than twice, and each takes memory.
constexpr std::size_t most_codings = 4;

/// What Accept-Encoding is to say: "gzip, deflate, br, zstd"; empty where the build knows none.
std::string_view accepted() noexcept;

using MakeDecoder = DecoderPtr (*)();

/// How the Content-Encoding fields' codings are undone, in the order in which that has to be done; "identity"
/// is left out. Empty where there is nothing to undo, or one of them is unknown: then the body is left alone.
/// Errors: too_many_codings.
std::vector<MakeDecoder> plan(const Headers& headers, std::error_code& ec);

}  // namespace headway::coding
