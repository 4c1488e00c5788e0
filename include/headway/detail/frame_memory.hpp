// SPDX-License-Identifier: BSL-1.0
#pragma once

// Memory for coroutine frames, kept by each thread for its next operation: a request needs a few frames of
// the same sizes each time. Memory may be given back on another thread than it came from.

#include <cstddef>

namespace headway::detail {

void* allocate_frame(std::size_t size);
void free_frame(void* memory, std::size_t size) noexcept;

}  // namespace headway::detail
