// SPDX-License-Identifier: BSL-1.0
#include "survey/advice.hpp"

#include "survey/plan.hpp"
#include "survey/results_table.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <tuple>

namespace survey {
namespace {

using Candidates = std::vector<const PlanResult*>;

constexpr double hardly_reused = 1.5;  // requests per connection

int piled_up(const PlanResult& result, const SurveySettings& settings) {
  int kept_for_reuse = std::min(result.end[TcpState::established], settings.servers * settings.threads);
  return result.end.total() - kept_for_reuse;
}

template <class Predicate>
Candidates only(const Candidates& from, Predicate predicate) {
  Candidates kept;
  std::copy_if(from.begin(), from.end(), std::back_inserter(kept),
               [&](const PlanResult* result) { return predicate(*result); });
  return kept;
}

Candidates tidy(const Candidates& sound, const SurveySettings& settings) {
  Candidates kept = only(
      sound, [&](const PlanResult& result) { return piled_up(result, settings) * 10 <= result.requests; });
  if (!kept.empty()) return kept;
  auto fewer = [&](const PlanResult* a, const PlanResult* b) {
    return piled_up(*a, settings) < piled_up(*b, settings);
  };
  int fewest = piled_up(**std::min_element(sound.begin(), sound.end(), fewer), settings);
  return only(sound, [&](const PlanResult& result) { return piled_up(result, settings) == fewest; });
}

Candidates fast(const Candidates& from) {
  auto quicker = [](const PlanResult* a, const PlanResult* b) { return a->latency.p50() < b->latency.p50(); };
  auto lowest = (*std::min_element(from.begin(), from.end(), quicker))->latency.p50();
  return only(from, [&](const PlanResult& result) { return result.latency.p50() * 10 <= lowest * 11; });
}

const PlanResult& best(const Candidates& equally_fast) {
  auto cost = [](const PlanResult* result) {
    return std::tuple(result->connections_opened, result->end.total(), result->plan != name(Plan::pool));
  };
  return **std::min_element(equally_fast.begin(), equally_fast.end(),
                            [&](const PlanResult* a, const PlanResult* b) { return cost(a) < cost(b); });
}

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

TcpState commonest_state(const Census& census) {
  return *std::max_element(counted_states.begin(), counted_states.end(),
                           [&](TcpState a, TcpState b) { return census[a] < census[b]; });
}

std::string about_reuse(const PlanResult& chosen, const Candidates& sound, const SurveySettings& settings) {
  bool kept_in_vain = std::any_of(sound.begin(), sound.end(), [](const PlanResult* result) {
    return result->plan == name(Plan::pool) || result->plan == name(Plan::single);
  });
  for (const PlanResult* result : sound)
    if (requests_per_connection(*result) >= hardly_reused) kept_in_vain = false;
  if (!kept_in_vain)
    return one_decimal(requests_per_connection(chosen)) + " requests per connection on " +
           counted(chosen.connections_opened, "connection");
  std::string pause =
      settings.interval.count() > 0 ? " when " + format_duration(settings.interval) + " passes" : "";
  return "the servers let hardly any connection be used twice" + pause + ", so keeping them gains nothing";
}

std::string about_latency(const PlanResult& chosen, const Candidates& sound) {
  std::string text = "p50 " + format_duration(chosen.latency.p50());
  const PlanResult* slowest = *std::max_element(
      sound.begin(), sound.end(), [](auto* a, auto* b) { return a->latency.p50() < b->latency.p50(); });
  if (slowest->latency.p50() * 10 <= chosen.latency.p50() * 11) return text;
  return text + " against " + format_duration(slowest->latency.p50()) + " of " + slowest->plan;
}

std::string about_sockets(const PlanResult& chosen, const std::vector<PlanResult>& results) {
  std::string text = counted(chosen.end.total(), "socket") + " left";
  const PlanResult& most =
      *std::max_element(results.begin(), results.end(),
                        [](const auto& a, const auto& b) { return a.end.total() < b.end.total(); });
  const PlanResult& shown = most.end.total() > chosen.end.total() ? most : chosen;
  if (shown.end.total() == 0) return text;
  std::string state = ", mostly " + std::string(name(commonest_state(shown.end)));
  if (&shown == &chosen) return text + state;
  return text + " against " + std::to_string(most.end.total()) + " of " + most.plan + state;
}

std::string about_failures(const std::vector<PlanResult>& results) {
  std::string text;
  for (const PlanResult& result : results)
    if (result.failures > 0)
      text += "; " + result.plan + " failed " + std::to_string(result.failures) + " times";
  return text;
}

std::string none_fits(const std::vector<PlanResult>& results) {
  const auto [least, most] = std::minmax_element(
      results.begin(), results.end(), [](const auto& a, const auto& b) { return a.failures < b.failures; });
  const std::string which = least->failures < most->failures ? ", " + least->plan + " the fewest" : "";
  return "no plan fits: every one had failures" + which + " (" + std::to_string(least->failures) + " of " +
         counted(least->requests, "request") + ")";
}

}  // namespace

std::string advise(const std::vector<PlanResult>& results, const SurveySettings& settings) {
  if (results.empty()) return "no plan fits: none was tried";
  Candidates all;
  for (const PlanResult& result : results) all.push_back(&result);
  Candidates sound =
      only(all, [](const PlanResult& result) { return result.failures == 0 && !result.latency.empty(); });
  if (sound.empty()) return none_fits(results);
  const PlanResult& chosen = best(fast(tidy(sound, settings)));
  return chosen.plan + " fits: " + about_reuse(chosen, sound, settings) + "; " +
         about_latency(chosen, sound) + "; " + about_sockets(chosen, results) + about_failures(results);
}

}  // namespace survey
