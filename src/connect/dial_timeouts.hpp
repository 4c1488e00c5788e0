// SPDX-License-Identifier: BSL-1.0
#pragma once

// How long the parts of opening a connection may take. A value.

#include <headway/time.hpp>

namespace headway::connect {

struct DialTimeouts {
  Duration connect;        ///< look-up, connecting to all addresses and proxies, and TLS, together
  Duration tls_handshake;  ///< each TLS handshake by itself
};

}  // namespace headway::connect
