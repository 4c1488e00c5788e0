// SPDX-License-Identifier: BSL-1.0
#pragma once

// UTF-8 that can be relied on: what is malformed is replaced.

#include <string>
#include <string_view>

namespace headway::detail {

inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";  // U+FFFD

/// `text` with each maximal subpart of an ill-formed sequence (Unicode 15, section 3.9) made U+FFFD, as
/// browsers do.
std::string repaired_utf8(std::string_view text);

}  // namespace headway::detail
