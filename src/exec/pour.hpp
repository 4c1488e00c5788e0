// SPDX-License-Identifier: BSL-1.0
#pragma once

// The body of a call, piece by piece, to whoever takes it.

#include "src/exec/call.hpp"

#include <string_view>
#include <system_error>
#include <vector>

namespace headway::exec {

/// Calls `take(piece, ec)` for each piece of the call's body, of at most 64 KiB; an error ends the call.
/// Preconditions: `perform` has succeeded, and the call's target has no `whole`.
template <class Take>
detail::Op<std::error_code> pour(Call& call, Take take) {
  std::vector<char> buffer(call.is_open() ? 64 * 1024 : 0);
  std::error_code ec;
  while (!ec && call.is_open()) {
    std::size_t n = 0;
    ec = co_await call.read_some(buffer, n);
    if (!ec && n > 0) take(std::string_view(buffer.data(), n), ec);
  }
  if (ec) call.close();
  co_return ec;
}

}  // namespace headway::exec
