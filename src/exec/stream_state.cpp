// SPDX-License-Identifier: BSL-1.0
#include "src/exec/stream_state.hpp"

#include "src/exec/end_of_file.hpp"

#include <array>
#include <vector>

namespace headway::detail {

using exec::end_of_file;

Op<std::error_code> StreamState::read_some(std::span<char> into, std::size_t& n) {
  n = 0;
  if (into.empty()) co_return std::error_code();
  if (call.is_open()) {
    try {
      failure_ = co_await call.read_some(into, n);
    } catch (...) {  // a hook: what is read afterwards must not look like a whole body
      failure_ = Error::hook_threw;
      throw;
    }
  }
  if (failure_) co_return failure_;
  co_return n > 0 ? std::error_code() : end_of_file;
}

Op<std::error_code> StreamState::drain() {
  std::vector<char> dropped(64 * 1024);
  std::error_code ec;
  while (!ec) {
    std::size_t n = 0;
    ec = co_await read_some(dropped, n);
  }
  co_return ec == end_of_file ? std::error_code() : ec;
}

void StreamState::ended() noexcept {
  if (operation_.ended()) call.close();
}

void StreamState::close() noexcept {
  if (!operation_.cancel_to_close()) call.close();
}

}  // namespace headway::detail
