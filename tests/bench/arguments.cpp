// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace headway::bench {
namespace {

std::string usage(std::string_view program, std::initializer_list<std::string_view> known) {
  std::string text = "usage: " + std::string(program) + " [--tsv]";
  for (const std::string_view name : known) text += " [" + std::string(name) + " VALUE]";
  return text;
}

}  // namespace

Arguments::Arguments(int argc, char** argv, std::initializer_list<std::string_view> known) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--tsv") {
      tsv_ = true;
      continue;
    }
    if (std::ranges::find(known, name) == known.end() || i + 1 == argc)
      throw std::invalid_argument(std::string(name) + ": " + usage(argv[0], known));
    given_.emplace_back(name, argv[++i]);
  }
}

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const std::vector<std::string> values = all(name);
  return values.empty() ? std::string(otherwise) : values.back();
}

int Arguments::number(std::string_view name, int otherwise) const {
  const std::string value = text(name, std::to_string(otherwise));
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 1)
    throw std::invalid_argument(std::string(name) + " is to be a number of 1 or more: " + value);
  return number;
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : given_)
    if (key == name) values.push_back(value);
  return values;
}

}  // namespace headway::bench
