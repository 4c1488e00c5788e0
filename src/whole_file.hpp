// SPDX-License-Identifier: BSL-1.0
#pragma once

// Small files, read and written as a whole. Blocking; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace headway::detail {

/// Errors: the system's; std::errc::file_too_large beyond `most` bytes. Empty then.
std::string read_whole_file(const std::string& path, std::size_t most, std::error_code& ec);

/// All of them, to an open file. `ec` is left alone where that succeeds. Errors: the system's.
void write_all(int file, std::string_view bytes, std::error_code& ec);

/// What is there is replaced, or stays as it is where this fails. Only the owner may read the file. Errors:
/// the system's.
void replace_file(const std::string& path, std::string_view text, std::error_code& ec);

}  // namespace headway::detail
