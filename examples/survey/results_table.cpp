// SPDX-License-Identifier: BSL-1.0
#include "survey/results_table.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace survey {
namespace {

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text.precision(digits);
  text << std::fixed << value;
  return text.str();
}

std::string sockets(int end, int peak) {
  std::string text = std::to_string(end);
  return peak > end ? text + " (" + std::to_string(peak) + ")" : text;
}

std::vector<std::string> row(const PlanResult& result, const std::vector<TcpState>& states) {
  std::vector<std::string> cells{result.plan, std::to_string(result.requests),
                                 std::to_string(result.failures), std::to_string(result.connections_opened),
                                 fixed(requests_per_connection(result), 1)};
  for (auto duration : {result.latency.min(), result.latency.p50(), result.latency.p95(),
                        result.latency.p99(), result.latency.max()})
    cells.push_back(result.latency.empty() ? "-" : format_duration(duration));
  for (TcpState state : states) cells.push_back(sockets(result.end[state], result.peak[state]));
  return cells;
}

bool any_has(const std::vector<PlanResult>& results, Census PlanResult::*census, TcpState state) {
  return std::any_of(results.begin(), results.end(),
                     [&](const PlanResult& result) { return (result.*census)[state] > 0; });
}

template <class Predicate>
std::vector<TcpState> states_where(Predicate predicate) {
  std::vector<TcpState> states;
  std::copy_if(counted_states.begin(), counted_states.end(), std::back_inserter(states), predicate);
  return states;
}

bool can_last(TcpState state) {
  return state == TcpState::established || state == TcpState::time_wait || state == TcpState::close_wait;
}

}  // namespace

std::string format_duration(Latency::Duration duration) {
  struct Unit {
    double nanoseconds;
    const char* name;
  };
  auto value = static_cast<double>(duration.count());
  Unit unit{1e3, "us"};
  for (Unit larger : {Unit{1e6, "ms"}, Unit{1e9, "s"}})
    if (value >= larger.nanoseconds * 0.9995) unit = larger;
  double scaled = value / unit.nanoseconds;
  int digits = scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return fixed(scaled, digits) + " " + unit.name;
}

std::string counted(int count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string describe(const SurveySettings& settings) {
  std::string text = counted(settings.requests, "request") + " of each plan to " +
                     counted(settings.servers, "server") + ", " + counted(settings.threads, "thread");
  if (settings.interval.count() > 0) text += ", " + format_duration(settings.interval) + " between requests";
  return text;
}

std::vector<TcpState> states_left(const std::vector<PlanResult>& results) {
  return states_where([&](TcpState state) { return any_has(results, &PlanResult::end, state); });
}

Table results_table(const std::vector<PlanResult>& results) {
  std::vector<TcpState> states = states_where([&](TcpState state) {
    return any_has(results, &PlanResult::end, state) ||
           (can_last(state) && any_has(results, &PlanResult::peak, state));
  });
  std::vector<std::string> heading{"plan", "requests", "failed", "conns", "req/conn",
                                   "min",  "p50",      "p95",    "p99",   "max"};
  for (TcpState state : states) heading.emplace_back(name(state));
  Table table(std::move(heading));
  for (const PlanResult& result : results) table.add_row(row(result, states));
  return table;
}

}  // namespace survey
