// SPDX-License-Identifier: BSL-1.0
#pragma once

// Why a certificate was refused: part of one connection.

#include "src/connect/tls_text.hpp"

#include <openssl/ssl.h>

#include <string>
#include <system_error>
#include <vector>

namespace headway::connect {

struct TlsVerdict {
  std::error_code error = {};  ///< of the first fault that was found
  std::string detail = {};     ///< whose certificate, and what OpenSSL said

  // Called within OpenSSL, which no exception may pass: without memory the detail is left out.

  /// Takes down what a verification has just found. `name`: whom the certificate ought to be for.
  void note(X509_STORE_CTX* verification, const std::string& name) noexcept;
  /// No pin is the certificate's key's. `certificate` may be null.
  void check_pins(X509* certificate, const std::vector<Sha256>& pins) noexcept;
};

}  // namespace headway::connect
