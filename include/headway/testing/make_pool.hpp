// SPDX-License-Identifier: BSL-1.0
#pragma once

// Pools for tests: what the code under test is given in place of a pool of its own. Thread-safe.

#include <headway/pool_options.hpp>
#include <headway/pooling_connection_manager.hpp>
#include <headway/testing/manual_clock.hpp>
#include <headway/testing/scripted_network.hpp>

#include <memory>

namespace headway::testing {

/// On a network without sockets. The clock must outlive the pool and its leases; the network need not. A call
/// that waits for a connection or for a dial of this network is told when the clock is moved. A blocking call
/// that waits for room in the pool, or between two tries, is not: it looks at the clock only when its timeout
/// has passed in real time too, and goes on waiting where the clock stands. So give the client `NeverRetry{}`
/// or tries without delay. Throws std::system_error (Error::invalid_option) that names the option out of
/// range.
std::shared_ptr<PoolingConnectionManager> make_pool(ScriptedNetwork& network, ManualClock& clock,
                                                    PoolOptions options = {});

/// On real sockets: for how connections age in the pool (keep-alive, idle and life times, the monitor).
/// Blocking calls that wait for a real socket are not told when the clock is moved, either: give them servers
/// that answer, and try timeouts on a scripted network or on the real clock. Otherwise as above.
std::shared_ptr<PoolingConnectionManager> make_pool(ManualClock& clock, PoolOptions options = {});

}  // namespace headway::testing
