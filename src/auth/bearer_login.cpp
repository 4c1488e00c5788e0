// SPDX-License-Identifier: BSL-1.0
#include "src/auth/bearer_login.hpp"

#include <headway/error.hpp>

#include <algorithm>
#include <utility>

namespace headway::auth {
namespace {

std::string field_of(const std::string& token) { return token.empty() ? std::string() : "Bearer " + token; }

}  // namespace

std::string BearerLogin::token() const {
  std::lock_guard lock(mutex_);
  return token_;
}

std::string BearerLogin::authorization(const Asking&) { return field_of(token()); }

std::string BearerLogin::answer(const Headers&, std::string_view sent, const Asking&) {
  const std::string known = token();
  if (std::string field = field_of(known); field != sent) return field;  // there is another one since
  if (!refresh_) return {};
  std::string fresh = refresh_(known);
  if (fresh.empty() || fresh == known) return {};
  if (!is_bearer_token(fresh))
    throw std::system_error(Error::invalid_option, "Bearer::refresh gave no token");
  std::string field = field_of(fresh);
  std::lock_guard lock(mutex_);
  token_ = std::move(fresh);
  return field;
}

bool is_bearer_token(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace headway::auth
