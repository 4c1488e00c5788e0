// SPDX-License-Identifier: BSL-1.0
#pragma once

// The reverse of percent-encoding (RFC 3986 section 2.1). Pure.

#include <string>
#include <string_view>

namespace headway::detail {

/// Preconditions: every '%' begins a whole escape, as in a Url.
std::string percent_decode(std::string_view text);

}  // namespace headway::detail
