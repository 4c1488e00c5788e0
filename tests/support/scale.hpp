// SPDX-License-Identifier: BSL-1.0
#pragma once

// How much of a load test is run: all of it, or a twentieth where a sanitizer slows everything down.

namespace headway::testing {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr int scale = 20;
#else
inline constexpr int scale = 1;
#endif

constexpr int scaled(int count) { return count / scale; }

}  // namespace headway::testing
