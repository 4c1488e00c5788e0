// SPDX-License-Identifier: BSL-1.0
#pragma once

// A tunnel through a SOCKS5 proxy on a connection that is open. Operations of whoever dials, on their thread.

#include "src/connect/proxy_url.hpp"
#include "src/connect/tunnel.hpp"
#include "src/core/transport.hpp"

#include <headway/detail/op.hpp>
#include <headway/time.hpp>

#include <string>

namespace headway::connect {

/// `request`: what socks5::connect_request gives. All references must outlive the operation. Errors:
/// proxy_authentication_failed, proxy_refused; connection_refused and connect_failed where the proxy could
/// not reach the target; malformed_response; connect_timeout, Condition::connect.
detail::Op<Tunnelled> open_socks5_tunnel(core::Transport& transport, const ProxyUrl& proxy,
                                         const std::string& request, TimePoint deadline);

}  // namespace headway::connect
