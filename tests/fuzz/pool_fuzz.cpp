// SPDX-License-Identifier: BSL-1.0

// The pool's walk, steered by bytes: each choice takes the next one. A broken rule ends the program.

#include "tests/pool/pool_walk.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> bytes(data, size);
  headway::test::PoolWalk walk([&bytes](std::size_t end) -> std::size_t {
    if (bytes.empty()) return 0;
    const std::uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    return byte % end;
  });
  while (!bytes.empty()) walk.step();
  walk.finish();
  return 0;
}
