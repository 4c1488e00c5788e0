// SPDX-License-Identifier: BSL-1.0
#pragma once

// How long each phase of a request may take. A value.

#include <headway/time.hpp>

#include <optional>

namespace headway {

/// What a request leaves unset is the client's; what a client leaves unset is the default named here. Range:
/// 0 or more; 0 does not wait (what is ready at once, such as an idle connection, is still had),
/// `headway::unlimited` never. Negative values are Error::invalid_option. `lease` … `read` bound one phase of
/// one try; `total` bounds the whole call with all its tries.
struct Timeouts {
  /// Waiting for the pool while it has neither a connection nor room for one. 10 s.
  std::optional<Duration> lease = std::nullopt;
  /// Opening a connection as a whole: look-up, connecting to all addresses and proxies, and the TLS
  /// handshake. 10 s.
  std::optional<Duration> connect = std::nullopt;
  /// Each TLS handshake by itself; `connect` bounds it, too. 10 s.
  std::optional<Duration> tls_handshake = std::nullopt;
  /// Silence while sending: how long the server may take no byte. 30 s.
  std::optional<Duration> write = std::nullopt;
  /// From the request's last byte to the end of the response's head. 30 s.
  std::optional<Duration> response = std::nullopt;
  /// Silence while reading the body. 30 s.
  std::optional<Duration> read = std::nullopt;
  /// From the call to its end; for a stream, to the end of its body. Unlimited.
  std::optional<Duration> total = std::nullopt;
};

}  // namespace headway
