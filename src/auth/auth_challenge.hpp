// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a 401 or 407 asks for: RFC 9110 section 11.6.1, from text to values. Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway::auth {

struct AuthChallenge {
  std::string scheme;                                           ///< as written: "Digest"
  std::vector<std::pair<std::string, std::string>> parameters;  ///< quotes undone; a token68 is left out

  /// The first value of that name, without regard to case; empty where there is none.
  std::string_view operator[](std::string_view name) const noexcept;
};

/// The challenges of one field's value. What cannot be read ends the list; beyond 16 challenges and 32
/// parameters of one nothing is read.
std::vector<AuthChallenge> parse_challenges(std::string_view value);

}  // namespace headway::auth
