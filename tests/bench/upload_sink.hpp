// SPDX-License-Identifier: BSL-1.0
#pragma once

// A server that takes bodies as fast as they come, of requests with a Content-Length, on one connection after
// the other. nginx would write them into files. It runs on a thread of its own until the program ends.

#include <cstdint>

namespace headway::bench {

/// Returns the port on 127.0.0.1. Throws std::system_error.
std::uint16_t start_upload_sink();

}  // namespace headway::bench
