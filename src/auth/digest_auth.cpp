// SPDX-License-Identifier: BSL-1.0
#include "src/auth/digest_auth.hpp"

#include <headway/headers.hpp>
#include <headway/url.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace headway::auth {
namespace {

struct Algorithm {
  std::string_view name;
  Hash hash;
  bool session;
};

constexpr std::array<Algorithm, 6> algorithms = {{{"MD5", Hash::md5, false},
                                                  {"MD5-sess", Hash::md5, true},
                                                  {"SHA-256", Hash::sha256, false},
                                                  {"SHA-256-sess", Hash::sha256, true},
                                                  {"SHA-512-256", Hash::sha512_256, false},
                                                  {"SHA-512-256-sess", Hash::sha512_256, true}}};

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part).push_back(':');
  text.pop_back();
  return text;
}

/// Eight hexadecimal digits.
std::string count_text(std::uint32_t count) {
  std::string text(8, '0');
  for (std::size_t i = text.size(); i-- > 0; count >>= 4) text[i] = "0123456789abcdef"[count & 15];
  return text;
}

void append_quoted(std::string& out, std::string_view name, std::string_view value) {
  out.append(", ").append(name).append("=\"");
  for (const char c : value) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

/// Hashed, or encoded where a quoted string has no room for it (RFC 7616 section 3.4.4 and RFC 8187).
void append_user(std::string& out, const DigestChallenge& challenge, std::string_view user) {
  const bool ascii =
      std::all_of(user.begin(), user.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (challenge.hides_user) {
    append_quoted(out, "username", digest(challenge.hash, joined({user, challenge.realm})));
  } else if (ascii) {
    append_quoted(out, "username", user);
  } else {
    out.append(", username*=UTF-8''").append(percent_encode(user));
  }
}

}  // namespace

std::optional<DigestChallenge> DigestChallenge::of(const AuthChallenge& challenge) {
  const bool auth = list_contains(challenge["qop"], "auth");
  const bool auth_int = list_contains(challenge["qop"], "auth-int");
  if (!equals_ignoring_case(challenge.scheme, "Digest") || challenge["nonce"].empty() || (!auth && !auth_int))
    return std::nullopt;
  const std::string_view name = challenge["algorithm"];
  const auto* const found =
      name.empty() ? algorithms.data()
                   : std::find_if(algorithms.begin(), algorithms.end(), [name](const Algorithm& each) {
                       return equals_ignoring_case(each.name, name);
                     });
  if (found == algorithms.end() || !is_available(found->hash)) return std::nullopt;
  DigestChallenge result;
  result.hash = found->hash;
  result.session = found->session;
  result.algorithm = name;
  result.realm = challenge["realm"];
  result.nonce = challenge["nonce"];
  result.opaque = challenge["opaque"];
  result.has_opaque = std::any_of(challenge.parameters.begin(), challenge.parameters.end(),
                                  [](const auto& p) { return equals_ignoring_case(p.first, "opaque"); });
  result.stale = equals_ignoring_case(challenge["stale"], "true");
  result.has_auth = auth;
  result.has_auth_int = auth_int;
  result.hides_user = equals_ignoring_case(challenge["userhash"], "true");
  return result;
}

std::string digest_authorization(const DigestChallenge& challenge, const DigestLogin& login,
                                 const Asking& asking) {
  const Hash hash = challenge.hash;
  const std::string uses = count_text(login.nonce_uses);
  // Without the body where that will do: it may be large, or not there yet.
  const std::string_view qop = challenge.has_auth ? "auth" : "auth-int";
  if (!challenge.has_auth && !asking.body) return {};
  std::string secret = digest(hash, joined({login.user, challenge.realm, login.password}));
  if (challenge.session) secret = digest(hash, joined({secret, challenge.nonce, login.cnonce}));
  const std::string request =
      challenge.has_auth ? digest(hash, joined({asking.method, asking.uri}))
                         : digest(hash, joined({asking.method, asking.uri, digest(hash, *asking.body)}));
  const std::string response =
      digest(hash, joined({secret, challenge.nonce, uses, login.cnonce, qop, request}));
  if (secret.empty() || response.empty()) return {};
  std::string text = "Digest ";
  std::string fields;
  append_user(fields, challenge, login.user);
  append_quoted(fields, "realm", challenge.realm);
  append_quoted(fields, "nonce", challenge.nonce);
  append_quoted(fields, "uri", asking.uri);
  append_quoted(fields, "response", response);
  if (!challenge.algorithm.empty()) fields.append(", algorithm=").append(challenge.algorithm);
  append_quoted(fields, "cnonce", login.cnonce);
  fields.append(", qop=").append(qop).append(", nc=").append(uses);
  if (challenge.has_opaque) append_quoted(fields, "opaque", challenge.opaque);
  if (challenge.hides_user) fields.append(", userhash=true");
  return text.append(fields, 2);
}

}  // namespace headway::auth
