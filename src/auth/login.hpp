// SPDX-License-Identifier: BSL-1.0
#pragma once

// How somebody says who he is: to one server or one proxy, for as long as it is asked.

#include <headway/headers.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace headway::auth {

/// What of a request goes into an answer.
struct Asking {
  std::string_view method;
  std::string_view uri;                                 ///< as it stands in the request line
  std::optional<std::string_view> body = std::nullopt;  ///< nothing where it is not in memory
};

/// Shared by all requests to the same place; thread-safe.
class Login {
 public:
  virtual ~Login() = default;

  /// The value of Authorization or Proxy-Authorization for a request; empty: no such field.
  virtual std::string authorization(const Asking& asking) = 0;

  /// Takes what is asked with the fields of a 401 or 407, which answered a request with `sent` as its
  /// authorization (empty: none). Returns the one with which that request may succeed if it is sent once
  /// more; empty: none. What a hook throws comes through.
  virtual std::string answer(const Headers& fields, std::string_view sent, const Asking& asking) = 0;

  /// What answer() gave was taken.
  virtual void accepted(std::string_view sent) = 0;
};

}  // namespace headway::auth
