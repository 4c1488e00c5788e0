// SPDX-License-Identifier: BSL-1.0
#pragma once

// The results for other programs. A pure function.

#include "survey/plan_result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace survey {

/// Durations in milliseconds, or seconds where the name says so; every counted state is there, 0 or not.
std::string report_json(const std::vector<PlanResult>& results, const SurveySettings& settings,
                        std::string_view advice);

}  // namespace survey
