// SPDX-License-Identifier: BSL-1.0
#pragma once

// How connections of https are secured. A value. What it names is read when the client is made, and not
// again.

#include <functional>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace headway {

enum class TlsVersion { tls_1_2, tls_1_3 };

enum class TlsPeerCheck {
  /// Its certificate must lead to a trusted one, be valid now and be for the host (RFC 9110 section 4.3.4).
  verified,
  /// Whoever answers is believed, and whoever sits in between reads and changes everything. Pinned keys are
  /// checked all the same.
  dangerously_unverified,
};

enum class TlsResumption {
  enabled,  ///< sessions are taken up again, which saves a handshake its certificates
  disabled,
};

/// One set of settings. Connections and sessions are shared between clients on one pool only where all of it
/// is equal, the contents of the files included. An error in it throws std::system_error
/// (Error::invalid_option) naming the member when the client is made.
struct TlsOptions {
  /// Who is trusted: those three together, or the system's store where all are empty. PEM each; the directory
  /// is one of c_rehash(1), of at most 10,000 files, which are read when they are first needed; once one
  /// was changed, clients made with it do not share connections with those made before.
  std::string ca_file = {};
  std::string ca_directory = {};
  std::string ca_pem = {};
  /// PEM: revocation lists. Where given, the server's certificate is refused if its issuer's list has it, or
  /// if there is no list of its issuer's. Empty: revocation is not checked.
  std::string crl_file = {};

  /// The client's own certificate, leaf first, as PEM in a file or in memory, and its key. A key that is not
  /// given is looked for beside the certificate.
  std::string certificate_file = {};
  std::string certificate_pem = {};
  std::string private_key_file = {};
  std::string private_key_pem = {};
  std::string private_key_password = {};  ///< of an encrypted key

  TlsVersion min_version = TlsVersion::tls_1_2;
  std::string ciphers = {};        ///< of TLS 1.2, as openssl-ciphers(1) spells them; empty: OpenSSL's
  std::string cipher_suites = {};  ///< of TLS 1.3: "TLS_AES_128_GCM_SHA256:…"; empty: OpenSSL's

  /// SHA-256 of SubjectPublicKeyInfo in base64 (RFC 7469 section 2.4). Where there are any, the key of the
  /// server's certificate must be one of them.
  std::vector<std::string> pinned_keys = {};
  /// Asked for (SNI) and verified in place of the URL's host, whichever that is; at most 255 bytes, and no
  /// dot in front. Empty: the URL's host.
  std::string server_name = {};
  TlsPeerCheck peer = TlsPeerCheck::verified;
  TlsResumption resumption = TlsResumption::enabled;

  /// Every connection's secrets are appended to it: whoever reads it can read the traffic. For debugging. It
  /// is made for its owner's eyes alone; one that is there already keeps its mode.
  std::string key_log_file = {};
  /// Called with the SSL_CTX when the client is made, after all else is set. A client that has it shares
  /// connections with no other.
  std::function<void(ssl_ctx_st*)> on_context = {};
};

}  // namespace headway
