// SPDX-License-Identifier: BSL-1.0
#pragma once

// Certificates for tests, made when they are asked for. Any thread, one at a time.

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace headway::testing {

/// PEM.
struct Credentials {
  std::string certificate = {};
  std::string key = {};
  std::string both() const { return certificate + key; }
};

struct CertificateWish {
  /// As OpenSSL spells them; empty: none at all.
  std::string names = "DNS:localhost,IP:127.0.0.1";
  std::string common_name = "server";
  std::chrono::hours valid_from = std::chrono::hours(-24);  ///< from now
  std::chrono::hours valid_until = std::chrono::hours(24);
  enum class Key { strong, weak } key = Key::strong;
};

class Authority {
 public:
  explicit Authority(const std::string& name = "headway test authority");
  ~Authority();

  const std::string& certificate() const { return credentials_.certificate; }
  Credentials issue(const CertificateWish& wish = {});
  static Credentials self_signed(const CertificateWish& wish = {});
  /// A PEM revocation list with those certificates of its own.
  std::string revocation_list(const std::vector<Credentials>& revoked) const;

 private:
  struct Signer;
  std::unique_ptr<Signer> signer_;
  Credentials credentials_;
};

/// The key in PEM, encrypted with the password.
std::string encrypted_key(const Credentials& credentials, const std::string& password);
/// The pin of its key, as TlsOptions::pinned_keys takes it.
std::string pin_of(const Credentials& credentials);

}  // namespace headway::testing
