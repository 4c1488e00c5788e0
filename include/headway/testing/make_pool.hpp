// SPDX-License-Identifier: BSL-1.0
#pragma once

// Pools for tests: what the code under test is given in place of a pool of its own. Thread-safe.

#include <headway/pool_options.hpp>
#include <headway/pooling_connection_manager.hpp>
#include <headway/testing/manual_clock.hpp>
#include <headway/testing/scripted_network.hpp>

#include <memory>

namespace headway::testing {

/// On a network without sockets. The clock must outlive the pool and its leases; the network need not.
/// Whoever waits is told when the clock is moved. Where nobody moves it, a blocking call that waits for room
/// in the pool, or between two tries, goes on after 10 s of real time, as if its time had come: give the
/// client `NeverRetry{}`, or tries without delay, where a connection is to fail. Throws std::system_error
/// (Error::invalid_option) that names the option out of range.
std::shared_ptr<PoolingConnectionManager> make_pool(ScriptedNetwork& network, ManualClock& clock,
                                                    PoolOptions options = {});

/// On real sockets: for how connections age in the pool (keep-alive, idle and life times, the monitor).
/// Blocking calls that wait for a real socket are not told when the clock is moved, either: give them servers
/// that answer, and try timeouts on a scripted network or on the real clock. Otherwise as above.
std::shared_ptr<PoolingConnectionManager> make_pool(ManualClock& clock, PoolOptions options = {});

}  // namespace headway::testing
