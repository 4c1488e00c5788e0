// SPDX-License-Identifier: BSL-1.0
#pragma once

// The one bound on everything that the test kit waits for in real time.

#include <chrono>

namespace headway::testing {

/// Generous, for it is reached only by a test that fails: what waits for another thread then says so, by
/// false or by an exception, rather than hang.
inline constexpr std::chrono::seconds patience{10};

}  // namespace headway::testing
