// SPDX-License-Identifier: BSL-1.0
#pragma once

// Sends one plan's requests and measures what comes of it.

#include "survey/options.hpp"
#include "survey/plan_result.hpp"
#include "survey/targets.hpp"

namespace survey {

/// Request i goes to server i mod n. Of `options`, `requests`, `threads` and `interval` count. A request that
/// cannot be answered, or only with a 5xx status, is a failure and no error. Sockets that earlier plans left
/// are not counted. Throws std::runtime_error where the system does not allow a census.
PlanResult run_plan(Plan plan, const Targets& targets, const Options& options);

}  // namespace survey
