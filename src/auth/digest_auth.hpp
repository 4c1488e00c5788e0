// SPDX-License-Identifier: BSL-1.0
#pragma once

// Digest authentication as a client does it (RFC 7616): MD5, SHA-256 and SHA-512-256, each plain and -sess.
// Pure.

#include "src/auth/auth_challenge.hpp"
#include "src/auth/login.hpp"
#include "src/auth/message_digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headway::auth {

struct DigestChallenge {
  Hash hash = Hash::md5;
  bool session = false;   ///< one of the -sess algorithms
  std::string algorithm;  ///< as it was written; empty where it was not
  std::string realm, nonce, opaque;
  bool has_opaque = false;
  bool stale = false;                           ///< the nonce was old, not the password wrong
  bool has_auth = false, has_auth_int = false;  ///< qualities of protection: without and with the body
  bool hides_user = false;                      ///< the user's name is to be hashed

  /// Nothing where it is no Digest challenge, or one of another algorithm or quality of protection, or
  /// without any.
  static std::optional<DigestChallenge> of(const AuthChallenge& challenge);
};

/// Who answers.
struct DigestLogin {
  std::string_view user, password;
  std::string_view cnonce;       ///< the client's, the same for as long as the nonce is used
  std::uint32_t nonce_uses = 1;  ///< this one included
};

/// The value of Authorization or Proxy-Authorization for a request (RFC 7616 section 3.4). Empty where the
/// hash is not to be had, or where the body would have to be in memory and is not.
std::string digest_authorization(const DigestChallenge& challenge, const DigestLogin& login,
                                 const Asking& asking);

}  // namespace headway::auth
