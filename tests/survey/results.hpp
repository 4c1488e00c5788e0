// SPDX-License-Identifier: BSL-1.0
#pragma once

// Results as a survey might have measured them, for the tests of what is made of results.

#include "survey/plan_result.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace survey {

/// 60 requests that all took `latency`, on `connections` connections.
inline PlanResult plan_result(std::string plan, std::chrono::microseconds latency, int connections) {
  PlanResult result;
  result.plan = std::move(plan);
  result.requests = 60;
  result.connections_opened = connections;
  for (int i = 0; i < result.requests; ++i) result.latency.add(latency);
  return result;
}

inline PlanResult left_with(PlanResult result, TcpState state, int count) {
  result.end[state] = count;
  result.peak.raise_to(result.end);
  return result;
}

}  // namespace survey
