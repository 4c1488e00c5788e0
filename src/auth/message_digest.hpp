// SPDX-License-Identifier: BSL-1.0
#pragma once

// Hashes and chance, as authentication needs them. Thread-safe.

#include <string>
#include <string_view>

namespace headway::auth {

/// The weaker before the stronger.
enum class Hash { md5, sha256, sha512_256 };

/// The digest of `text` in lower-case hexadecimal; empty where the system's policy forbids the hash.
std::string digest(Hash hash, std::string_view text);

/// The system's policy allows it.
bool is_available(Hash hash);

/// 32 hexadecimal digits that nobody can guess; empty where the system has no chance to give.
std::string random_token();

}  // namespace headway::auth
