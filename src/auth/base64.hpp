// SPDX-License-Identifier: BSL-1.0
#pragma once

// Base64 (RFC 4648 section 4). Pure.

#include <string>
#include <string_view>

namespace headway::auth {

std::string base64(std::string_view bytes);

}  // namespace headway::auth
