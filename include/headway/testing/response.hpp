// SPDX-License-Identifier: BSL-1.0
#pragma once

// The bytes of responses, for servers that are scripted. Thread-safe.

#include <string>
#include <string_view>

namespace headway::testing {

/// A complete HTTP/1.1 response with Content-Length. `fields`: further header lines, each with its CRLF, as
/// in "Connection: close\r\n". Nothing is checked, so that it may be wrong on purpose.
std::string response(int status, std::string_view body, std::string_view fields = {});

}  // namespace headway::testing
