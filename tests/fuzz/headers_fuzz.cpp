// SPDX-License-Identifier: BSL-1.0

// Headers against the plainest list that could do the same: whatever is added, set, erased or built piece by
// piece, both hold the same fields. Each line of the input is one step: a letter for what, a name, ':' and a
// value.

#include "src/core/headers_builder.hpp"

#include <headway/headers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Model = std::vector<std::pair<std::string, std::string>>;

void require(bool holds) {
  if (!holds) std::abort();
}

auto has_name(std::string_view name) {
  return [name](const auto& field) { return headway::equals_ignoring_case(field.first, name); };
}

void set(Model& model, std::string_view name, std::string_view value) {
  const auto first = std::find_if(model.begin(), model.end(), has_name(name));
  if (first == model.end()) {
    model.emplace_back(name, value);
    return;
  }
  model.erase(std::remove_if(first + 1, model.end(), has_name(name)), model.end());
  *first = {std::string(name), std::string(value)};
}

/// Name and value in two pieces each, the value split between two parts, and other text around them.
void build(headway::Headers& headers, std::string_view name, std::string_view value) {
  constexpr std::size_t begin = 3;
  const std::string section = "x\r\n" + std::string(name) + ": " + std::string(value) + "\r\n";
  const std::size_t cut = begin + name.size() + 2 + value.size() / 3;
  const std::string_view first = std::string_view(section).substr(0, cut);
  const std::string_view second = std::string_view(section).substr(cut);
  headway::detail::HeadersBuilder builder;
  builder.start(headers);
  builder.keep(first, headers.size() + 1);
  require(builder.add_to_name(first.substr(begin, name.size() / 2)));
  require(builder.add_to_name(first.substr(begin + name.size() / 2, name.size() - name.size() / 2)));
  require(builder.add_to_value(first.substr(cut - value.size() / 3)));
  builder.keep(second, headers.size() + 1);
  require(builder.add_to_value(second.substr(0, value.size() - value.size() / 3)));
  require(builder.end_field());
}

void step(headway::Headers& headers, Model& model, std::string_view line) {
  const char what = line.front();
  line.remove_prefix(1);
  const std::string_view name = line.substr(0, line.find(':'));
  const std::string_view value = line.substr(std::min(name.size() + 1, line.size()));
  if (what == 's') {
    headers.set(name, value);
    set(model, name, value);
  } else if (what == 'e') {
    require(headers.erase(name) == std::erase_if(model, has_name(name)));
  } else if (what == 'b') {
    build(headers, name, value);
    model.emplace_back(name, value.substr(0, value.find_last_not_of(" \t") + 1));
  } else if (what == 'c') {
    headers.clear();
    model.clear();
  } else {
    headers.add(name, value);
    model.emplace_back(name, value);
  }
  require(headers.count(name) ==
          static_cast<std::size_t>(std::count_if(model.begin(), model.end(), has_name(name))));
  require(headers.contains(name) == (headers.count(name) > 0) &&
          headers.values(name).size() == headers.count(name));
  require(!headway::list_contains(value, name) || !name.empty());
}

void compare(const headway::Headers& headers, const Model& model) {
  require(headers.size() == model.size());
  headway::Headers copy;
  for (std::size_t i = 0; i < model.size(); ++i) {
    require(headers.at(i).name == model[i].first && headers.at(i).value == model[i].second);
    copy.add(model[i].first, model[i].second);
  }
  require(copy == headers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  headway::Headers headers;
  Model model;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    if (!line.empty()) step(headers, model, line);
  }
  compare(headers, model);
  return 0;
}
