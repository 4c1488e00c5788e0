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

std::string PasswordLogin::basic() const { return "Basic " + base64(user_ + ':' + password_); }

/// Uses the nonce once more. Under mutex_.
std::string PasswordLogin::digest(Nonce& nonce, const Asking& asking) const {
  const DigestLogin login{
      .user = user_, .password = password_, .cnonce = nonce.cnonce, .nonce_uses = ++nonce.uses};
  return digest_authorization(nonce.challenge, login, asking);
}

std::string PasswordLogin::authorization(const Asking& asking) {
  std::lock_guard lock(mutex_);
  if (shared_) return digest(*shared_, asking);
  return basic_ ? basic() : std::string();
}

std::string PasswordLogin::answer(const Headers& fields, std::string_view sent, const Asking& asking) {
  Asked asked = read_challenges(fields);
  if (asked.digest) return answer_digest(std::move(*asked.digest), sent, asking);
  std::lock_guard lock(mutex_);
  // Where it knew Digest: no plain password for whoever asks now.
  if (!asked.basic || knows_digest_ || sent.starts_with("Basic ")) return {};
  basic_ = true;
  return basic();
}

std::string PasswordLogin::answer_digest(DigestChallenge challenge, std::string_view sent,
                                         const Asking& asking) {
  // A later use may be refused for its count alone, without a word about that.
  const bool first_use = sent.starts_with("Digest ") && sent.find(", nc=00000001") != sent.npos;
  const bool rejected = first_use && !challenge.stale;
  std::string cnonce = random_token();
  if (cnonce.empty()) return {};
  std::lock_guard lock(mutex_);
  basic_ = false;
  knows_digest_ = true;
  const bool shared_again = shared_ && shared_->is(challenge);
  if (shared_ && !shared_again && sent.find(shared_->cnonce) != sent.npos) shared_.reset();
  if (rejected) return {};
  if (shared_again) return digest(*shared_, asking);
  if (!latest_ || !latest_->is(challenge)) latest_ = {std::move(challenge), std::move(cnonce)};
  return latest_answer_ = digest(*latest_, asking);
}

void PasswordLogin::accepted(std::string_view sent) {
  std::lock_guard lock(mutex_);
  if (!latest_ || sent != latest_answer_) return;
  if (!shared_) shared_ = std::move(latest_);
  latest_.reset();
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
