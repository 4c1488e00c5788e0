// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a blocking client in the benchmarks is to do, again and again. A value.

#include <headway/url.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace headway::bench {

/// What a client reads and writes large bodies by.
inline constexpr std::size_t piece_size = 64 * 1024;

/// A new one is asked to be closed by the server, so that TIME_WAIT stays on its side.
enum class Connections { kept, new_each };

/// Those of TLS on a new connection, where there is a session to take up again.
enum class Handshakes { resumed, full };

struct Job {
  Url url;
  std::string trusted = {};  ///< path of the authority's certificate, for https
  std::uint64_t answer = 0;  ///< bytes of body that each answer has
  std::uint64_t upload = 0;  ///< bytes of body to PUT; 0: a GET
  std::string file = {};     ///< whose content is uploaded, or where an answer is saved; empty: memory
  Connections connections = Connections::kept;
  Handshakes handshakes = Handshakes::resumed;

  bool secure() const noexcept { return url.scheme() == "https"; }
  /// Bodies that a caller would take piece by piece.
  bool large() const noexcept { return answer >= piece_size; }
};

}  // namespace headway::bench
