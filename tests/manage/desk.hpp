// SPDX-License-Identifier: BSL-1.0
#pragma once

// A pool on a scripted connector and a clock that stands, and leases that are acquired wait by wait.

#include "src/core/live_connection.hpp"
#include "src/manage/lease_request.hpp"
#include "tests/support/op_script.hpp"
#include "tests/support/scripted_connector.hpp"

#include <headway/pooling_connection_manager.hpp>

#include <memory>
#include <utility>

namespace headway {

using namespace std::chrono_literals;

inline const HttpRoute route_a{"http", "a.test", 80};
inline const HttpRoute route_b{"http", "b.test", 80};

struct Desk {
  explicit Desk(PoolOptions options = {}) {
    pool = std::make_shared<PoolingConnectionManager>(
        std::move(options), detail::Environment{.connector = connector, .clock = &clock});
  }

  /// A lease whose dial, if it takes one, succeeds at once.
  Lease lease(const HttpRoute& route = route_a) {
    connector->answer_at_once();
    Lease lease = pool->lease(route);
    connector->answer_by_hand();
    return lease;
  }
  /// The test's end of the connection that was opened as number `index`.
  testing::ScriptedPeer& peer(std::size_t index) const { return *connector->dial(index).peer; }

  /// Nothing leased, nothing being opened, nobody waiting.
  bool at_rest() const {
    const PoolStats now = pool->stats();
    return now.leased == 0 && now.connecting == 0 && now.pending == 0;
  }

  testing::ManualClock clock;
  std::shared_ptr<testing::ScriptedConnector> connector = std::make_shared<testing::ScriptedConnector>();
  std::shared_ptr<PoolingConnectionManager> pool;
};

struct Times {
  Duration lease = 10s;
  Duration connect = 10s;
  Duration tls_handshake = 10s;
  TimePoint total = never;
  bool fresh = false;
};

/// One lease being acquired. Starts at once.
class Asking {
 public:
  explicit Asking(Desk& desk, const HttpRoute& route = route_a, const Times& times = {})
      : request_{.route = route,
                 .lease_timeout = times.lease,
                 .dial = {times.connect, times.tls_handshake},
                 .total = times.total,
                 .fresh = times.fresh},
        script(desk.pool->acquire(request_), desk.clock) {}

  /// Goes on as far as it can; whether it is done then.
  bool settle() { return script.run_signalled().done(); }
  bool is_served() { return settle() && lease(); }
  bool failed_with(Error error) { return settle() && !lease() && request_.error == error; }
  Lease& lease() { return request_.lease; }
  const detail::LeaseRequest& request() const { return request_; }

 private:
  detail::LeaseRequest request_;

 public:
  testing::OpScript<void> script;
};

}  // namespace headway
