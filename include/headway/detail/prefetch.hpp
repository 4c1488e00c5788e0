// SPDX-License-Identifier: BSL-1.0
#pragma once

// Has memory brought near that will be needed soon, so that several waits for it become one.

#include <cstddef>

namespace headway::detail {

/// What a smart pointer points to, as far as its first two cache lines; nothing for other values.
template <class Pointer>
void prefetch(const Pointer& pointer) noexcept {
  if constexpr (requires { pointer.get(); }) {
    constexpr std::size_t cache_line = 64;
    const void* const begin = pointer.get();
    __builtin_prefetch(begin);
    __builtin_prefetch(static_cast<const char*>(begin) + cache_line);
  }
}

}  // namespace headway::detail
