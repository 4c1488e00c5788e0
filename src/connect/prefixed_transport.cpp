// SPDX-License-Identifier: BSL-1.0
#include "src/connect/prefixed_transport.hpp"

namespace headway::connect {

core::IoResult PrefixedTransport::read(std::span<char> into) noexcept {
  if (read_ == first_.size()) return rest_->read(into);
  const std::size_t n = first_.copy(into.data(), into.size(), read_);
  read_ += n;
  return {.kind = core::IoResult::Kind::done, .bytes = n};
}

}  // namespace headway::connect
