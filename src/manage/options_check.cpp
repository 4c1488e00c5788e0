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
  check(options.monitor, "pool.monitor");
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
