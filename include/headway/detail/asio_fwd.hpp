// SPDX-License-Identifier: BSL-1.0
#pragma once

// A few of Asio's types by name alone, so that programs that only block do not pay for its headers.

#include <asio/detail/config.hpp>

namespace asio {
#ifdef ASIO_INLINE_NAMESPACE_BEGIN  // newer releases have one
ASIO_INLINE_NAMESPACE_BEGIN
#endif
class any_io_executor;
template <typename Allocator>
class use_future_t;
#ifdef ASIO_INLINE_NAMESPACE_END
ASIO_INLINE_NAMESPACE_END
#endif
}  // namespace asio
