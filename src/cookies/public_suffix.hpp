// SPDX-License-Identifier: BSL-1.0
#pragma once

// Under which domains anybody may have one of his own.

#include <string>

namespace headway::cookies {

/// "com", "co.uk", "github.io": a cookie for it would be one for strangers. By the public suffix list where
/// the library was built with libpsl; by the absence of a dot otherwise. `domain` is in lower case. Any
/// thread.
bool is_public_suffix(const std::string& domain);

}  // namespace headway::cookies
