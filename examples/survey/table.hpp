// SPDX-License-Identifier: BSL-1.0
#pragma once

// Text in aligned columns. One thread at a time.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace survey {

/// The first column is flush left, the others flush right.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) : rows_{std::move(heading)} {}

  /// A short row leaves its last columns empty. Preconditions: no more cells than the heading has.
  void add_row(std::vector<std::string> cells);

  /// Heading, a rule, the rows; each line with its line end and without blanks before it.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the heading first
};

/// How many characters a terminal shows: one for each code point.
std::size_t display_width(std::string_view utf8);

}  // namespace survey
