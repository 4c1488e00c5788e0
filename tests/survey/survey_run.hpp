// SPDX-License-Identifier: BSL-1.0
#pragma once

// One run of the survey's program, and what its JSON report says. One thread.

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

namespace survey {

class SurveyRun {
 public:
  /// `arguments` as a shell reads them, without --json. Returns once the program has exited.
  explicit SurveyRun(const std::string& arguments) {
    const std::string folder = directory_.path();
    const std::string command = SURVEY_PROGRAM " --json " + folder + "/json " + arguments + " >" + folder +
                                "/out 2>" + folder + "/err";
    const int status = std::system(command.c_str());
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    json_ = directory_.read("json");
  }

  int exit_code() const { return exit_code_; }
  std::string out() const { return directory_.read("out"); }
  std::string err() const { return directory_.read("err"); }
  bool wrote_json() const { return !json_.empty(); }

  /// A number of one plan: failures, connections_opened …
  int number(std::string_view plan, std::string_view field) const { return number_after(of(plan), field); }
  /// How many sockets in that state: of "sockets_at_end" or "sockets_at_peak".
  int sockets(std::string_view plan, std::string_view when, std::string_view state) const {
    return number_after(json_.find(quoted(when), of(plan)), state);
  }

 private:
  static std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }
  std::size_t of(std::string_view plan) const { return json_.find("\"plan\": " + quoted(plan)); }

  int number_after(std::size_t begin, std::string_view field) const {
    const std::string key = quoted(field) + ": ";
    const std::size_t at = begin == std::string::npos ? begin : json_.find(key, begin);
    if (at != std::string::npos) return std::stoi(json_.substr(at + key.size(), 20));
    ADD_FAILURE() << "the report has no " << field << ":\n" << json_ << err();
    return -1;
  }

  headway::testing::TemporaryDirectory directory_;
  int exit_code_ = -1;
  std::string json_;
};

}  // namespace survey
