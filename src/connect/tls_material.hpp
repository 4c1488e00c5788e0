// SPDX-License-Identifier: BSL-1.0
#pragma once

// TlsOptions with the files read that they name: what tells one set of settings from another. A value.

#include <headway/tls_options.hpp>

#include <string>
#include <string_view>

namespace headway::connect {

/// Throws std::system_error (Error::invalid_option): "tls.ca_file: no such file".
[[noreturn]] void refuse_tls_option(std::string_view member, const std::string& why);

/// Whether a certificate can be for it alone: to OpenSSL, ".a.test" is whatever ends so. At most 255 bytes.
bool is_peer_name(std::string_view name) noexcept;

struct TlsMaterial {
  /// Throws std::system_error (Error::invalid_option) that names the member.
  explicit TlsMaterial(const TlsOptions& from);

  /// Equal for equal settings and for no others, in one process; empty for the default ones. Tells nothing
  /// of what is secret in them.
  std::string identity() const;

  TlsOptions options;
  std::string ca_file;
  std::string ca_directory;  ///< its files, with what tells that one was changed
  std::string crl;
  std::string certificate;  ///< empty: none
  std::string key;
};

}  // namespace headway::connect
