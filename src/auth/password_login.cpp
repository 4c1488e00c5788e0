// SPDX-License-Identifier: BSL-1.0
#include "src/auth/password_login.hpp"

#include "src/auth/base64.hpp"

#include <algorithm>

namespace headway::auth {

/// The best that the fields ask for: Digest before Basic, and of the hashes the strongest.
struct PasswordLogin::Asked {
  bool basic = false;
  std::optional<DigestChallenge> digest;
};

PasswordLogin::Asked PasswordLogin::read_challenges(const Headers& fields) const {
  Asked asked;
  for (const std::string_view value : fields.values(manner_.challenge_field)) {
    for (const AuthChallenge& challenge : parse_challenges(value)) {
      if (manner_.schemes != Schemes::digest)
        asked.basic = asked.basic || equals_ignoring_case(challenge.scheme, "Basic");
      if (manner_.schemes == Schemes::basic) continue;
      std::optional<DigestChallenge> digest = DigestChallenge::of(challenge);
      const bool better = digest && (!asked.digest || asked.digest->hash < digest->hash);
      if (better) asked.digest = std::move(digest);
    }
  }
  return asked;
}

std::string PasswordLogin::authorization(const Asking& asking) {
  std::lock_guard lock(mutex_);
  if (digest_) {
    const DigestLogin login{
        .user = user_, .password = password_, .cnonce = cnonce_, .nonce_uses = ++nonce_uses_};
    return digest_authorization(*digest_, login, asking);
  }
  if (!basic_) return {};
  return "Basic " + base64(user_ + ':' + password_);
}

bool PasswordLogin::answer(const Headers& fields, std::string_view sent) {
  Asked asked = read_challenges(fields);
  if (!asked.digest && !asked.basic) return false;
  const bool rejected =
      asked.digest ? sent.starts_with("Digest ") && !asked.digest->stale : sent.starts_with("Basic ");
  std::string cnonce = asked.digest ? random_token() : std::string();
  std::lock_guard lock(mutex_);
  if (!asked.digest && digest_) return false;  // it knew Digest: no plain password for whoever asks now
  // Kept even where it rejects what was sent: the next call must not send a nonce that is no good any more.
  if (asked.digest && digest_ && asked.digest->nonce != digest_->nonce) nonce_uses_ = 0;
  if (nonce_uses_ == 0) cnonce_ = std::move(cnonce);
  basic_ = !asked.digest;
  digest_ = std::move(asked.digest);
  return !rejected && (basic_ || !cnonce_.empty());
}

std::string_view wrong_part(std::string_view user, std::string_view password) {
  const auto has_control = [](std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  };
  if (has_control(user) || user.find(':') != user.npos) return "user name";
  return has_control(password) ? "password" : "";
}

}  // namespace headway::auth
