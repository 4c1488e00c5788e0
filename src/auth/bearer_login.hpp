// SPDX-License-Identifier: BSL-1.0
#pragma once

// A token for one server (RFC 6750), and how another one is got.

#include "src/auth/login.hpp"

#include <headway/credentials.hpp>

#include <mutex>
#include <string>
#include <string_view>

namespace headway::auth {

class BearerLogin final : public Login {
 public:
  explicit BearerLogin(Bearer bearer)
      : refresh_(std::move(bearer.refresh)), token_(std::move(bearer.token)) {}

  std::string authorization(const Asking& asking) override;
  /// Asks the hook for another token, unless somebody else has done so meanwhile. Throws std::system_error
  /// (Error::invalid_option) where what it gives is no token, and what it throws.
  std::string answer(const Headers& fields, std::string_view sent, const Asking& asking) override;
  void accepted(std::string_view) override {}

 private:
  std::string token() const;

  const BearerRefresh refresh_;
  mutable std::mutex mutex_;
  std::string token_;  // under mutex_
};

/// b64token of RFC 6750 section 2.1, taken generously: bytes without blanks and control characters.
bool is_bearer_token(std::string_view text);

}  // namespace headway::auth
