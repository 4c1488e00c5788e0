// SPDX-License-Identifier: BSL-1.0
#pragma once

// How names become addresses: a hook.

#include <functional>
#include <string>
#include <vector>

namespace headway {

/// The IP addresses of a host, as text ("192.0.2.1", "2001:db8::1", "fe80::1%eth0"), the preferred ones
/// first; of more than 16 the first 16 count. `host` is lower-cased and never an IP address itself.
///
/// The hook may block: it is called on threads of the library's own, several at a time, so it has to be
/// thread-safe. Whoever waits for it gives up at the connect timeout; its answer is kept for the next ones
/// all the same. A call that never returns costs its thread until the program ends, and keeps alive what the
/// hook holds, which is all that outlives the connection manager. Equal questions at the same time become one
/// call.
///
/// Errors: an empty answer is Error::host_not_found; text that is no IP address, or an exception, is
/// Error::resolve_failed, and a std::system_error its own code. They are not kept.
using Resolver = std::function<std::vector<std::string>(const std::string& host)>;

/// The system's: getaddrinfo(3), with the order of RFC 6724 and only the families that this machine has. Both
/// families come in one answer, so there is no delay between them to be waited for (RFC 8305 section 3).
/// Throws std::system_error: Error::host_not_found, Error::resolve_failed.
struct SystemResolver {
  std::vector<std::string> operator()(const std::string& host) const;
};

}  // namespace headway
