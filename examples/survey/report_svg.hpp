// SPDX-License-Identifier: BSL-1.0
#pragma once

// The results as a drawing of 900 by 420, for up to five plans or a few more. A pure function.

#include "survey/plan_result.hpp"

#include <string>
#include <vector>

namespace survey {

/// One row a plan: on the left its sockets by state, on the right its latency on a logarithmic axis.
std::string report_svg(const std::vector<PlanResult>& results, const SurveySettings& settings);

}  // namespace survey
