// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/program.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <stdexcept>

namespace headway::bench {

void raise_open_files() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

int run_main(const char* program, const std::function<void()>& work) {
  try {
    work();
    return 0;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
    return 1;
  }
}

}  // namespace headway::bench
