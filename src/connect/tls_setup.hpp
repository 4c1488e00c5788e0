// SPDX-License-Identifier: BSL-1.0
#pragma once

// OpenSSL's context made from settings.

#include "src/connect/tls_material.hpp"
#include "src/connect/tls_pointers.hpp"
#include "src/connect/tls_text.hpp"

#include <vector>

namespace headway::connect {

/// All but the session's and the key log's callbacks. Throws std::system_error (Error::invalid_option) that
/// names the member.
SslContextPtr make_ssl_context(const TlsMaterial& material);
/// Throws likewise.
std::vector<Sha256> parse_pins(const std::vector<std::string>& pins);

}  // namespace headway::connect
