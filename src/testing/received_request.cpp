// SPDX-License-Identifier: BSL-1.0
#include "src/testing/request_parser.hpp"

#include <headway/testing/received_request.hpp>

namespace headway::testing {

std::optional<std::string> ReceivedRequest::header(std::string_view name) const {
  for (const std::string& line : header_lines)
    if (names_field(line, name)) return std::string(trimmed(std::string_view(line).substr(name.size() + 1)));
  return std::nullopt;
}

int ReceivedRequest::count(std::string_view name) const {
  int found = 0;
  for (const std::string& line : header_lines) found += names_field(line, name) ? 1 : 0;
  return found;
}

}  // namespace headway::testing
