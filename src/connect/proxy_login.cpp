// SPDX-License-Identifier: BSL-1.0
#include "src/connect/proxy_login.hpp"

#include <headway/headers.hpp>

namespace headway::connect {
namespace {

constexpr std::size_t most_known = 64;

/// RFC 4648 section 4.
std::string base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(3, text.size()))) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      result.push_back(i <= text.size() ? digits[group >> (18 - 6 * i) & 63] : '=');
  }
  return result;
}

/// The best that the fields ask for: Digest before Basic, SHA-256 before MD5.
struct Asked {
  bool basic = false;
  std::optional<DigestChallenge> digest;
};

Asked read_challenges(const Headers& fields) {
  Asked asked;
  for (const std::string_view value : fields.values("Proxy-Authenticate")) {
    for (const AuthChallenge& challenge : parse_challenges(value)) {
      asked.basic = asked.basic || equals_ignoring_case(challenge.scheme, "Basic");
      std::optional<DigestChallenge> digest = DigestChallenge::of(challenge);
      const bool better = digest && (!asked.digest || asked.digest->hash < digest->hash);
      if (better) asked.digest = std::move(digest);
    }
  }
  return asked;
}

}  // namespace

std::string ProxyLogin::authorization(std::string_view method, std::string_view uri) {
  std::lock_guard lock(mutex_);
  if (digest_) {
    const DigestLogin login{
        .user = user_, .password = password_, .cnonce = cnonce_, .nonce_uses = ++nonce_uses_};
    return digest_authorization(*digest_, login, method, uri);
  }
  if (!basic_) return {};
  return "Basic " + base64(user_ + ':' + password_);
}

bool ProxyLogin::answer(const Headers& fields, std::string_view sent) {
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

std::shared_ptr<ProxyLogin> ProxyLogins::of(const ProxyUrl& proxy) {
  if (!proxy.has_login) return nullptr;
  std::lock_guard lock(mutex_);
  const auto found = known_.find(proxy.key);
  if (found != known_.end()) return found->second;
  auto login = std::make_shared<ProxyLogin>(proxy.user, proxy.password);
  if (known_.size() < most_known) known_.emplace(proxy.key, login);
  return login;
}

}  // namespace headway::connect
