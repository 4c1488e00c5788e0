// SPDX-License-Identifier: BSL-1.0
#pragma once

// Which plan fits, and why. A pure function of what was measured.

#include "survey/plan_result.hpp"

#include <string>
#include <vector>

namespace survey {

/// One line without its end: "pool fits: …" or "no plan fits: …". A plan fits if
/// 1. none of its requests failed,
/// 2. it piles up no sockets: beside one open connection per server and thread it leaves at most one socket
/// per
///    ten requests; where every plan piles up, the one that leaves fewest,
/// 3. its median latency is the lowest of those. Plans within a tenth of the lowest count as equally fast:
/// then
///    the one that opened fewer connections fits, then the one that leaves fewer sockets, then the pool.
std::string advise(const std::vector<PlanResult>& results, const SurveySettings& settings);

}  // namespace survey
