// SPDX-License-Identifier: BSL-1.0

// Which way of handling connections fits these servers? Tries each plan against them, or against three of its
// own, and shows what each costs: in time, in connections, and in sockets left behind.

#include "survey/advice.hpp"
#include "survey/embedded_servers.hpp"
#include "survey/report_json.hpp"
#include "survey/report_svg.hpp"
#include "survey/results_table.hpp"
#include "survey/run_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace survey {
namespace {

constexpr int usage_error = 2;

void write_file(const std::string& file, const std::string& text) {
  if (file.empty()) return;
  std::ofstream out(file);
  out << text << '\n';
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file);
}

void print_errors(const std::vector<PlanResult>& results) {
  for (const PlanResult& result : results)
    for (const std::string& error : result.first_errors) std::cout << result.plan << ": " << error << '\n';
}

void print(const std::vector<PlanResult>& results, const SurveySettings& settings,
           const std::string& advice) {
  std::cout << describe(settings) << "; sockets of this side at the end (at most)\n\n"
            << results_table(results).text() << '\n';
  print_errors(results);
  std::cout << advice << std::endl;
}

bool any_succeeded(const std::vector<PlanResult>& results) {
  return std::any_of(results.begin(), results.end(),
                     [](const PlanResult& result) { return result.failures < result.requests; });
}

int run(Options options) {
  if (options.action == Options::Action::show_help) {
    std::cout << help_text();
    return EXIT_SUCCESS;
  }
  std::optional<EmbeddedServers> own_servers;
  if (options.urls.empty()) options.urls = own_servers.emplace().urls();
  const Targets targets = find_targets(options.urls);
  const SurveySettings settings{.servers = static_cast<int>(targets.urls.size()),
                                .requests = options.requests,
                                .threads = options.threads,
                                .interval = options.interval};
  std::vector<PlanResult> results;
  for (Plan plan : options.plans) results.push_back(run_plan(plan, targets, options));
  const std::string advice = advise(results, settings);
  print(results, settings, advice);
  write_file(options.json_file, report_json(results, settings, advice));
  write_file(options.svg_file, report_svg(results, settings));
  return any_succeeded(results) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace survey

int main(int argc, char** argv) {
  try {
    return survey::run(survey::parse_options({argv + 1, argv + argc}));
  } catch (const survey::OptionError& error) {
    std::cerr << "survey: " << error.what() << '\n';
    return survey::usage_error;
  } catch (const std::exception& error) {
    std::cerr << "survey: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
