// SPDX-License-Identifier: BSL-1.0
#pragma once

// A benchmark's command line: `--NAME VALUE` in pairs, and --tsv alone. A value.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway::bench {

class Arguments {
 public:
  /// Throws std::invalid_argument with the usage where a name is none of `known`, or lacks its value.
  Arguments(int argc, char** argv, std::initializer_list<std::string_view> known);

  bool tsv() const noexcept { return tsv_; }
  /// The last that was given, else `otherwise`.
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  /// The same as a number of 1 or more; throws std::invalid_argument where it is none.
  int number(std::string_view name, int otherwise) const;
  /// All that were given.
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string>> given_;
  bool tsv_ = false;
};

}  // namespace headway::bench
