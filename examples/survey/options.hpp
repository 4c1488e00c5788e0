// SPDX-License-Identifier: BSL-1.0
#pragma once

// The survey's command line. Pure functions.

#include "survey/plan.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace survey {

struct Options {
  std::vector<std::string> urls = {};  ///< empty: the survey's own servers
  int requests = 60;
  std::chrono::milliseconds interval{0};
  int threads = 1;
  std::vector<Plan> plans{all_plans.begin(), all_plans.end()};
  std::string json_file = {}, svg_file = {};  ///< empty: none
  enum class Action { run, show_help } action = Action::run;
};

/// what() names the option and says what it takes.
struct OptionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `arguments` without the program's name. An option's value follows it or stands behind a '='. Throws
/// OptionError.
Options parse_options(const std::vector<std::string_view>& arguments);

/// What --help prints.
std::string_view help_text();

}  // namespace survey
