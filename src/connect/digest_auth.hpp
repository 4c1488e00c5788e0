// SPDX-License-Identifier: BSL-1.0
#pragma once

// Digest authentication as a client does it (RFC 7616): quality of protection `auth`, MD5 and SHA-256, each
// plain and -sess. Pure.

#include "src/connect/auth_challenge.hpp"
#include "src/connect/message_digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway::connect {

struct DigestChallenge {
  Hash hash = Hash::md5;
  bool session = false;   ///< one of the -sess algorithms
  std::string algorithm;  ///< as it was written; empty where it was not
  std::string realm, nonce, opaque;
  bool has_opaque = false;
  bool stale = false;  ///< the nonce was old, not the password wrong

  /// Nothing where it is no Digest challenge, or one of another algorithm or quality of protection.
  static std::optional<DigestChallenge> of(const AuthChallenge& challenge);
};

/// Who answers.
struct DigestLogin {
  std::string_view user, password;
  std::string_view cnonce;       ///< the client's, the same for as long as the nonce is used
  std::uint32_t nonce_uses = 1;  ///< this one included
};

/// The value of Authorization or Proxy-Authorization for a request of `method` for `uri` as it stands in the
/// request line (RFC 7616 section 3.4). Empty where the hash is not to be had.
std::string digest_authorization(const DigestChallenge& challenge, const DigestLogin& login,
                                 std::string_view method, std::string_view uri);

}  // namespace headway::connect
