// SPDX-License-Identifier: BSL-1.0
#pragma once

// The logins of one client, by the origins that they are for.

#include "src/auth/login.hpp"

#include <headway/credentials.hpp>
#include <headway/url.hpp>

#include <map>
#include <memory>
#include <string>
#include <system_error>

namespace headway::exec {

using LoginPtr = std::shared_ptr<auth::Login>;

/// Read-only once it is made; any thread.
class Logins {
 public:
  /// Null where there are none. Throws std::system_error (Error::invalid_option) that names the origin, never
  /// what is to be said there.
  static std::unique_ptr<const Logins> of(const Credentials& credentials);

  /// Null: none is for it. One for the very origin goes before one for the host.
  LoginPtr login_for(const Url& url) const;

 private:
  std::map<std::string, LoginPtr, std::less<>> by_origin_;
};

/// What stands in front of the host of a URL, which is Basic at once (Digest where the server asks for that).
/// Null where there is none. Errors: invalid_url; `wrong` says which part.
LoginPtr login_of_userinfo(const Url& url, std::error_code& ec, std::string& wrong);

}  // namespace headway::exec
