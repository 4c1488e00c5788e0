// SPDX-License-Identifier: BSL-1.0
#pragma once

// The servers that are surveyed. A value.

#include "survey/endpoint.hpp"

#include <string>
#include <vector>

namespace survey {

struct Targets {
  std::vector<std::string> urls;    ///< one a server; asked in turn
  std::vector<Endpoint> endpoints;  ///< every address that they have, by which the census knows their sockets
};

/// Looks the hosts up. Throws OptionError for what is no URL, std::runtime_error for a host without address.
Targets find_targets(std::vector<std::string> urls);

}  // namespace survey
