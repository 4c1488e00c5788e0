// SPDX-License-Identifier: BSL-1.0
#include "src/manage/options_check.hpp"

#include "src/core/deadlines.hpp"

#include <headway/error.hpp>

namespace headway {

void require(bool good, const std::string& what) {
  if (!good) throw std::system_error(make_error_code(Error::invalid_option), what);
}

void check_cap(std::size_t max, const char* name) {
  require(max >= 1, std::string(name) + " must be 1 or more");
}

void check(const PoolOptions& options) {
  check_cap(options.max_total, "pool.max_total");
  check_cap(options.max_per_route, "pool.max_per_route");
  check_cap(options.max_routes, "pool.max_routes");
  require(options.max_requests_per_connection >= 1, "pool.max_requests_per_connection must be 1 or more");
  require(options.validate_after_inactivity >= Duration::zero(),
          "pool.validate_after_inactivity must not be negative");
  require(options.time_to_live > Duration::zero(), "pool.time_to_live must be 1 ms or more");
  require(options.max_idle > Duration::zero(), "pool.max_idle must be 1 ms or more");
  check(options.dial, "pool.dial");
  check(options.monitor, "pool.monitor");
}

namespace {

void check(const TcpKeepAlive& options, const std::string& name) {
  constexpr Duration shortest = std::chrono::seconds(1), longest = std::chrono::seconds(32'767);
  require(options.idle >= shortest && options.idle <= longest, name + ".idle must be 1 s to 32767 s");
  require(options.interval >= shortest && options.interval <= longest,
          name + ".interval must be 1 s to 32767 s");
  require(options.probes >= 1 && options.probes <= 127, name + ".probes must be 1 to 127");
}

}  // namespace

void check(const DialOptions& options, const std::string& name) {
  require(options.resolver != nullptr, name + ".resolver must not be empty");
  require(options.keep_addresses >= Duration::zero(), name + ".keep_addresses must not be negative");
  require(options.max_lookups >= 1, name + ".max_lookups must be 1 or more");
  require(options.attempt_delay >= std::chrono::milliseconds(10),
          name + ".attempt_delay must be 10 ms or more");
  if (options.tcp_keep_alive) check(*options.tcp_keep_alive, name + ".tcp_keep_alive");
}

void check(const MonitorOptions& options, const std::string& name) {
  require(options.interval > Duration::zero(), name + ".interval must be 1 ms or more");
  require(options.max_idle > Duration::zero(), name + ".max_idle must be 1 ms or more");
}

void check(const Timeouts& timeouts) {
  if (const char* member = core::negative_member(timeouts))
    require(false, std::string(member) + " must not be negative");
}

}  // namespace headway
