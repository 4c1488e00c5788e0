// SPDX-License-Identifier: BSL-1.0
#pragma once

// A server that takes bodies as fast as they come, of requests with a Content-Length. nginx would write them
// into files. It runs on threads of its own, one for each connection, until the program ends.

#include <openssl/ssl.h>

#include <cstdint>

namespace headway::bench {

/// Returns the port on 127.0.0.1. Plain where `context` is null, of which it keeps a reference. Throws
/// std::system_error.
std::uint16_t start_upload_sink(SSL_CTX* context = nullptr);

}  // namespace headway::bench
