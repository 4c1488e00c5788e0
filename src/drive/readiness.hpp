// SPDX-License-Identifier: BSL-1.0
#pragma once

// One look at many sockets.

#include <cstddef>
#include <span>
#include <vector>

namespace headway::drive {

/// The indices of those descriptors that have something to read, an end of file or an error. One poll(2),
/// which does not wait.
std::vector<std::size_t> readable_now(std::span<const int> descriptors);

}  // namespace headway::drive
