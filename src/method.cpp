// SPDX-License-Identifier: BSL-1.0

#include <headway/headers.hpp>
#include <headway/method.hpp>

namespace headway {

bool is_valid_method(std::string_view method) noexcept { return is_token(method) && method != "CONNECT"; }

bool is_safe(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

bool is_idempotent(std::string_view method) noexcept {
  return is_safe(method) || method == "PUT" || method == "DELETE";
}

bool expects_body(std::string_view method) noexcept {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

}  // namespace headway
