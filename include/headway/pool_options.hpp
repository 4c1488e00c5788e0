// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a pool is set up. A value.

#include <headway/dial_options.hpp>
#include <headway/stale_check.hpp>
#include <headway/time.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace headway {

/// No cap. A cap of 0 is Error::invalid_option: nobody would ever be served.
inline constexpr std::size_t unlimited_connections = std::numeric_limits<std::size_t>::max();

/// Which idle connection is taken first.
enum class Reuse {
  lifo,  ///< the one used last: few stay warm, the rest can expire
  fifo,  ///< the one idle longest: the load spreads, all stay alive
};

/// What the background monitor does. Both 1 ms or more.
struct MonitorOptions {
  Duration interval =
      std::chrono::seconds(5);    ///< how often idle sockets are looked at; `unlimited`: no monitor
  Duration max_idle = unlimited;  ///< closes what has been idle for longer
};

/// Members out of range throw std::system_error (Error::invalid_option) that names them.
struct PoolOptions {
  std::size_t max_total = 200;  ///< connections in all: leased, idle and being opened. 1 or more.
  std::size_t max_per_route =
      20;  ///< the same for each route; `set_max_per_route` changes it for one. 1 or more.
  /// Looks at a connection before reuse if it was idle for at least this long: 0 always, `unlimited` never.
  Duration validate_after_inactivity = Duration::zero();
  Duration time_to_live = unlimited;  ///< closes what is older, less up to 10 % at random so that not all go
                                      ///< at once. 1 ms or more.
  Duration max_idle =
      unlimited;  ///< the longest a connection is kept idle, whatever the server allows. 1 ms or more.
  std::uint64_t max_requests_per_connection = std::numeric_limits<std::uint64_t>::max();  ///< 1 or more
  std::size_t max_waiters =
      100'000;  ///< leases that may wait; one more is Error::too_many_waiters. 0: nobody waits.
  std::size_t max_routes =
      1'000'000;  ///< routes with connections or waiters at a time; one more is Error::too_many_routes.
  Reuse reuse = Reuse::lifo;
  StaleCheck stale_check = DefaultStaleCheck{};
  DialOptions dial = {};        ///< how its connections are opened
  MonitorOptions monitor = {};  ///< of the monitor that a client runs for a pool of its own
};

}  // namespace headway
