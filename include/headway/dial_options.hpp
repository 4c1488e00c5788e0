// SPDX-License-Identifier: BSL-1.0
#pragma once

// How connections are opened. A value, part of the pool's options.

#include <headway/resolver.hpp>
#include <headway/time.hpp>

#include <cstddef>
#include <functional>
#include <optional>

namespace headway {

class HttpRoute;

/// TCP's own probes of a silent connection: they keep it alive in routers between, and end it where its peer
/// has vanished.
struct TcpKeepAlive {
  Duration idle = std::chrono::seconds(30);      ///< silence before the first probe; 1 s to 32,767 s
  Duration interval = std::chrono::seconds(10);  ///< between probes; 1 s to 32,767 s
  int probes = 3;                                ///< unanswered ones that end the connection; 1 to 127
};

/// Sets options of a socket before it is bound and connected. The descriptor stays the library's: neither
/// close it nor keep it. Called on whichever thread dials, several at a time, and once for each address that
/// is tried. What it throws ends the dial, and comes out of the call as a hook's exception.
using SocketHook = std::function<void(int descriptor, const HttpRoute& route)>;

/// Members out of range throw std::system_error (Error::invalid_option) that names them.
struct DialOptions {
  Resolver resolver = SystemResolver{};
  /// For how long a look-up's answer is used again; the connections that it led to may live longer. Failures
  /// are never kept, nor more than 1,024 names. 0: not at all.
  Duration keep_addresses = std::chrono::seconds(60);
  /// Look-ups at the same time, each on a thread that is started when it is needed and ends when it is not.
  /// More of them wait for each other. 1 or more.
  std::size_t max_lookups = 64;
  /// How long an address is waited for before the next one is tried beside it (RFC 8305 section 5); where one
  /// fails the next is tried at once. 10 ms or more; `unlimited`: only once the one before has failed.
  Duration attempt_delay = std::chrono::milliseconds(250);
  std::optional<TcpKeepAlive> tcp_keep_alive = std::nullopt;  ///< unset: no probes
  SocketHook on_socket = nullptr;                             ///< empty: nothing is set beyond TCP_NODELAY
};

}  // namespace headway
