// SPDX-License-Identifier: BSL-1.0
#include "src/core/transport.hpp"

#include <headway/error.hpp>

#include <cerrno>

namespace headway::core {

IoResult IoResult::of_receive(std::ptrdiff_t result) noexcept {
  if (result > 0) return {.kind = Kind::done, .bytes = static_cast<std::size_t>(result)};
  if (result == 0) return {.kind = Kind::end};
  const int error = static_cast<int>(-result);
  switch (error) {
    case EAGAIN:
    case EINTR:
      return {.kind = Kind::want_readable};
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ECONNREFUSED:  // told late
    case ETIMEDOUT:     // the kernel gave up on a peer that answers no more
      return {.kind = Kind::failed, .error = Error::connection_reset};
    default:
      return {.kind = Kind::failed, .error = {error, std::system_category()}};
  }
}

IoResult Transport::send_file(int, std::uint64_t, std::size_t) noexcept {
  return {.kind = IoResult::Kind::failed, .error = make_error_code(std::errc::function_not_supported)};
}

}  // namespace headway::core
