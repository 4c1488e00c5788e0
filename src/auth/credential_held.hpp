// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a Credential is, out of sight of the public headers: <variant> is slow to compile.

#include <headway/credentials.hpp>

#include <variant>

namespace headway {

struct Credential::Held {
  std::variant<Basic, Digest, Password, Bearer> kind;
};

}  // namespace headway
