// SPDX-License-Identifier: BSL-1.0
#include "src/connect/digest_auth.hpp"

#include <headway/headers.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace headway::connect {
namespace {

struct Algorithm {
  std::string_view name;
  Hash hash;
  bool session;
};

constexpr std::array<Algorithm, 4> algorithms = {{{"MD5", Hash::md5, false},
                                                  {"MD5-sess", Hash::md5, true},
                                                  {"SHA-256", Hash::sha256, false},
                                                  {"SHA-256-sess", Hash::sha256, true}}};

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    if (!text.empty()) text += ':';
    text += part;
  }
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

}  // namespace

std::optional<DigestChallenge> DigestChallenge::of(const AuthChallenge& challenge) {
  if (!equals_ignoring_case(challenge.scheme, "Digest") || challenge["nonce"].empty() ||
      !list_contains(challenge["qop"], "auth")) {
    return std::nullopt;
  }
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
  return result;
}

std::string digest_authorization(const DigestChallenge& challenge, const DigestLogin& login,
                                 std::string_view method, std::string_view uri) {
  const Hash hash = challenge.hash;
  const std::string uses = count_text(login.nonce_uses);
  std::string secret = digest(hash, joined({login.user, challenge.realm, login.password}));
  if (challenge.session) secret = digest(hash, joined({secret, challenge.nonce, login.cnonce}));
  const std::string request = digest(hash, joined({method, uri}));
  const std::string response =
      digest(hash, joined({secret, challenge.nonce, uses, login.cnonce, "auth", request}));
  if (secret.empty() || response.empty()) return {};
  std::string text = "Digest ";
  std::string fields;
  append_quoted(fields, "username", login.user);
  append_quoted(fields, "realm", challenge.realm);
  append_quoted(fields, "nonce", challenge.nonce);
  append_quoted(fields, "uri", uri);
  append_quoted(fields, "response", response);
  if (!challenge.algorithm.empty()) fields.append(", algorithm=").append(challenge.algorithm);
  append_quoted(fields, "cnonce", login.cnonce);
  fields.append(", qop=auth, nc=").append(uses);
  if (challenge.has_opaque) append_quoted(fields, "opaque", challenge.opaque);
  return text.append(fields, 2);
}

}  // namespace headway::connect
