// SPDX-License-Identifier: BSL-1.0
#pragma once

// A request as a LoopbackServer saw it on the wire: nothing normalised, so that a test can tell. A value.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::testing {

struct ReceivedRequest {
  std::string method, target, version;    ///< the request line's three parts
  std::vector<std::string> header_lines;  ///< in order, without line ends
  std::string body;                       ///< chunked coding undone
  std::string raw;                        ///< every byte of head and body as it came

  /// The first value of that name, whatever its case, without blanks around it.
  std::optional<std::string> header(std::string_view name) const;
  /// How often a field of that name came.
  int count(std::string_view name) const;
};

}  // namespace headway::testing
