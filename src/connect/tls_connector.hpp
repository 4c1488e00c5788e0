// SPDX-License-Identifier: BSL-1.0
#pragma once

// TLS for the routes that want it, on top of another connector.

#include "src/connect/connector.hpp"

#include <memory>

namespace headway::connect {

class TlsContext;

/// A handshake ends at whichever comes first.
struct HandshakeBounds {
  Duration tls_handshake;      ///< from its begin
  TimePoint connect_deadline;  ///< of all that opens the connection
};

/// Leaves routes of plain http alone. Errors, beside those of the connector below: Condition::tls,
/// tls_handshake_timeout, connect_timeout, connection_reset; invalid_option for TLS settings that nobody has
/// any more.
class TlsConnector final : public Connector {
 public:
  explicit TlsConnector(std::shared_ptr<Connector> below) noexcept;
  detail::Op<Dialled> connect(HttpRoute route, DialTimeouts timeouts) override;

  /// The handshake alone, with `peer`, over a connection to it.
  static detail::Op<Dialled> secure(std::unique_ptr<core::Transport> plain,
                                    std::shared_ptr<const TlsContext> context, HttpRoute peer,
                                    HandshakeBounds bounds);

 private:
  std::shared_ptr<Connector> below_;
};

}  // namespace headway::connect
