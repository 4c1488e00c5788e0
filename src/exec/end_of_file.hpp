// SPDX-License-Identifier: BSL-1.0
#pragma once

// What tells the reader of a stream that it has had everything: Asio's own word for it.

#include <asio/error.hpp>

#include <system_error>

namespace headway::exec {

inline const std::error_code end_of_file = asio::error::make_error_code(asio::error::eof);

}  // namespace headway::exec
