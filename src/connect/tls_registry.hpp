// SPDX-License-Identifier: BSL-1.0
#pragma once

// All sets of TLS settings that somebody has, so that a route can name one. Any thread.

#include <headway/tls_options.hpp>

#include <memory>
#include <string>

namespace headway::connect {

class TlsContext;

/// For these options: an equal one that somebody has, or a new one; null for the default ones, which are
/// always to be found. Throws std::system_error (Error::invalid_option) that names the member at fault.
std::shared_ptr<const TlsContext> share_tls_context(const TlsOptions& options);

/// By a route's tls_identity; null where nobody has it any more.
std::shared_ptr<const TlsContext> find_tls_context(const std::string& identity);

/// What a route calls it.
const std::string& identity_of(const TlsContext& context) noexcept;

}  // namespace headway::connect
