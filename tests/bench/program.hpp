// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a benchmark needs of its process as a program. Called by main's thread, before any other runs.

#include <functional>

namespace headway::bench {

/// Lets the process open as many files as it may at all.
void raise_open_files();

/// What a main does with its work: errors are told, and usage errors exit with 2.
int run_main(const char* program, const std::function<void()>& work);

}  // namespace headway::bench
