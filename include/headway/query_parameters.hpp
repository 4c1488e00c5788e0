// SPDX-License-Identifier: BSL-1.0
#pragma once

// Parameters of a URL's query, as names and values.

#include <string>
#include <utility>
#include <vector>

namespace headway {

/// Any bytes: names and values are percent-encoded (RFC 3986 section 2.1, a blank as "%20") where they are
/// put into a URL. Ordered; a name may stand there more than once. An empty value is written "name=".
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

}  // namespace headway
