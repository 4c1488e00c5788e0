// SPDX-License-Identifier: BSL-1.0
#include "src/exec/logins.hpp"

#include "src/auth/bearer_login.hpp"
#include "src/auth/credential_held.hpp"
#include "src/auth/password_login.hpp"
#include "src/percent_decode.hpp"

#include <headway/error.hpp>

#include <algorithm>

namespace headway::exec {
namespace {

using auth::PasswordLogin;

constexpr std::string_view challenge_field = "WWW-Authenticate";

[[noreturn]] void refuse(const std::string& origin, std::string_view what) {
  throw std::system_error(Error::invalid_option,
                          "credentials[\"" + origin + "\"]: " + std::string(what) + " is malformed");
}

struct LoginMaker {
  const std::string& origin;

  LoginPtr operator()(const Basic& basic) const {
    const auto eagerness =
        basic.preemptive == Preemptive::on ? auth::Eagerness::at_once : auth::Eagerness::when_asked;
    return by_password(basic.user, basic.password, {challenge_field, auth::Schemes::basic, eagerness});
  }
  LoginPtr operator()(const Digest& digest) const {
    return by_password(digest.user, digest.password, {challenge_field, auth::Schemes::digest});
  }
  LoginPtr operator()(const Password& password) const {
    return by_password(password.user, password.password, {challenge_field});
  }
  LoginPtr operator()(const Bearer& bearer) const {
    if (!auth::is_bearer_token(bearer.token)) refuse(origin, "the token");
    if (bearer.token.empty() && !bearer.refresh) refuse(origin, "an empty token without refresh");
    return std::make_shared<auth::BearerLogin>(bearer);
  }

 private:
  LoginPtr by_password(const std::string& user, const std::string& password,
                       const PasswordLogin::Manner& manner) const {
    if (const std::string_view wrong = auth::wrong_part(user, password); !wrong.empty())
      refuse(origin, wrong);
    return std::make_shared<PasswordLogin>(user, password, manner);
  }
};

std::string origin_key(const Url& url) {
  std::string key(url.scheme());
  return key.append("://").append(url.host()).append(":").append(std::to_string(url.port()));
}

/// "https://api.test:443" for an origin, "api.test" for a host.
std::string key_of(const std::string& origin) {
  const bool has_scheme = origin.find("://") != std::string::npos;
  const bool bare_ipv6 = !has_scheme && origin.find(':') != std::string::npos && !origin.starts_with('[');
  std::error_code ec;
  const Url url = Url::parse(has_scheme  ? origin
                             : bare_ipv6 ? "http://[" + origin + "]"
                                         : "http://" + origin,
                             ec);
  if (ec || !url.userinfo().empty() || url.target() != "/" || !url.fragment().empty())
    refuse(origin, "the origin");
  if (has_scheme) return origin_key(url);
  if (url.port() != 80) refuse(origin, "the origin, which has a port and no scheme,");
  return std::string(url.host());
}

}  // namespace

std::unique_ptr<const Logins> Logins::of(const Credentials& credentials) {
  if (credentials.entries().empty()) return nullptr;
  auto logins = std::make_unique<Logins>();
  for (const auto& [origin, credential] : credentials.entries()) {
    const std::string key = key_of(origin);
    if (!logins->by_origin_.emplace(key, std::visit(LoginMaker{origin}, credential.held().kind)).second)
      refuse(origin, "an origin that is there twice");
  }
  return logins;
}

LoginPtr Logins::login_for(const Url& url) const {
  const auto exact = by_origin_.find(origin_key(url));
  if (exact != by_origin_.end()) return exact->second;
  const auto host = by_origin_.find(url.host());
  return host == by_origin_.end() ? nullptr : host->second;
}

LoginPtr login_of_userinfo(const Url& url, std::error_code& ec, std::string& wrong) {
  const std::string_view userinfo = url.userinfo();
  if (userinfo.empty()) return nullptr;
  const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
  std::string user = detail::percent_decode(userinfo.substr(0, colon));
  std::string password = detail::percent_decode(userinfo.substr(std::min(colon + 1, userinfo.size())));
  wrong = auth::wrong_part(user, password);
  if (!wrong.empty()) {
    ec = Error::invalid_url;
    return nullptr;
  }
  return std::make_shared<PasswordLogin>(
      std::move(user), std::move(password),
      PasswordLogin::Manner{challenge_field, auth::Schemes::strongest, auth::Eagerness::at_once});
}

}  // namespace headway::exec
