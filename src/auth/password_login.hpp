// SPDX-License-Identifier: BSL-1.0
#pragma once

// User name and password for one place, and what it has asked for so far.

#include "src/auth/digest_auth.hpp"
#include "src/auth/login.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace headway::auth {

/// How a password may be said.
enum class Schemes : std::uint8_t { basic, digest, strongest };
/// Whether Basic is said before anybody has asked.
enum class Eagerness : std::uint8_t { when_asked, at_once };

class PasswordLogin : public Login {
 public:
  struct Manner {
    std::string_view challenge_field;  ///< "WWW-Authenticate"; a literal
    Schemes schemes = Schemes::strongest;
    Eagerness eagerness = Eagerness::when_asked;
  };
  PasswordLogin(std::string user, std::string password, const Manner& manner)
      : user_(std::move(user)),
        password_(std::move(password)),
        manner_(manner),
        basic_(manner.eagerness == Eagerness::at_once) {}

  /// Empty as long as nobody has asked, unless it is eager: a password that a Digest would have hidden must
  /// not go out in Basic before.
  std::string authorization(const Asking& asking) override;
  std::string answer(const Headers& fields, std::string_view sent, const Asking& asking) override;
  void accepted(std::string_view sent) override;

 private:
  struct Asked;
  /// One of the server's with what we add to it.
  struct Nonce {
    DigestChallenge challenge;
    std::string cnonce;
    std::uint32_t uses = 0;

    bool is(const DigestChallenge& other) const { return challenge.nonce == other.nonce; }
  };
  Asked read_challenges(const Headers& fields) const;
  std::string answer_digest(DigestChallenge challenge, std::string_view sent, const Asking& asking);
  std::string basic() const;
  std::string digest(Nonce& nonce, const Asking& asking) const;

  const std::string user_;
  const std::string password_;
  const Manner manner_;
  std::mutex mutex_;
  bool basic_;                 // under mutex_: it is what was asked for
  bool knows_digest_ = false;  // under mutex_
  // A server may hold it against a nonce that its uses come out of order, as those of several connections do.
  // So a challenge is answered with its own nonce, which is everybody's only once that was taken.
  std::optional<Nonce> shared_;  // under mutex_
  std::optional<Nonce> latest_;  // under mutex_: in the last answer
  std::string latest_answer_;    // under mutex_
};

/// A user name and a password as a header field can carry them: without control characters, and the name
/// without a colon (RFC 7617 section 2), behind which the password would be thought to begin. Says which is
/// not, or nothing.
std::string_view wrong_part(std::string_view user, std::string_view password);

}  // namespace headway::auth
