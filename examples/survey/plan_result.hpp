// SPDX-License-Identifier: BSL-1.0
#pragma once

// What one plan came to. A value.

#include "survey/census.hpp"
#include "survey/latency.hpp"

#include <string>
#include <vector>

namespace survey {

struct PlanResult {
  std::string plan;
  Latency latency;  ///< of the requests that succeeded
  int requests = 0;
  int failures = 0;  ///< among the requests
  int connections_opened = 0;
  Census end;   ///< sockets of this side after the last response, once they have settled
  Census peak;  ///< the highest count of each state while the plan ran
  std::vector<std::string> first_errors = {};
  double wall_seconds = 0;
};

/// 0 where no connection was opened.
inline double requests_per_connection(const PlanResult& result) {
  return result.connections_opened == 0 ? 0.0
                                        : static_cast<double>(result.requests) / result.connections_opened;
}

/// What the survey was asked to do, as far as its reports speak of it.
struct SurveySettings {
  int servers = 0;
  int requests = 0;  ///< of each plan
  int threads = 1;
  std::chrono::milliseconds interval{0};  ///< between the requests of a thread
};

}  // namespace survey
