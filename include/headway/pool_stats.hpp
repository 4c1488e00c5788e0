// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a pool, or one route of it, holds at one moment.

#include <cstddef>
#include <cstdint>

namespace headway {

struct PoolStats {
  std::size_t leased = 0;      ///< connections in use
  std::size_t available = 0;   ///< idle connections, ready for reuse
  std::size_t pending = 0;     ///< leases that wait for a connection or for room to open one
  std::size_t max = 0;         ///< the cap: `unlimited_connections` for none
  std::size_t connecting = 0;  ///< connections being opened; they count against the cap
  std::size_t closing =
      0;  ///< closed to requests, waiting for the server to close first; outside the cap. Not per route.
  std::uint64_t opened = 0;  ///< connections opened since the start. Not per route.
  std::uint64_t reused = 0;  ///< leases served by a kept connection since the start. Not per route.
};

}  // namespace headway
