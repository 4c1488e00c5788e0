// SPDX-License-Identifier: BSL-1.0
#pragma once

// The results as a table, one row a plan, and the words that all reports share. Pure functions.

#include "survey/plan_result.hpp"
#include "survey/table.hpp"

#include <string>
#include <vector>

namespace survey {

/// Sockets are those at the end, with a higher peak behind them in brackets. There is a column for every
/// state that is in states_left(), and for those that can last (ESTABLISHED, TIME_WAIT, CLOSE_WAIT) if they
/// were ever seen.
Table results_table(const std::vector<PlanResult>& results);

/// Three significant digits and a unit: "184 us", "1.25 ms", "3.00 s".
std::string format_duration(Latency::Duration duration);

/// "1 socket", "2 sockets".
std::string counted(int count, const std::string& noun);

/// "60 requests of each plan to 3 servers, 1 thread".
std::string describe(const SurveySettings& settings);

/// The states that any of the results has a socket in at the end.
std::vector<TcpState> states_left(const std::vector<PlanResult>& results);

}  // namespace survey
