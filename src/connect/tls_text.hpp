// SPDX-License-Identifier: BSL-1.0
#pragma once

// What OpenSSL and certificates say, in words. Pure but for this thread's queue of OpenSSL errors.

#include <openssl/x509.h>

#include <array>
#include <string>
#include <string_view>

namespace headway::connect {

using Sha256 = std::array<unsigned char, 32>;

/// The oldest error in this thread's queue, which is empty afterwards: "no certificate or crl found". A
/// literal of OpenSSL's.
std::string_view take_tls_error() noexcept;

/// Whom the certificate is for, "a.test, *.b.test, 10.0.0.1": not more than a line.
std::string names_of(X509* certificate);
/// Its subject, "CN=a.test": not more than a line.
std::string subject_of(X509* certificate);
/// "Nov 21 12:00:00 2026 GMT"
std::string text_of(const ASN1_TIME* time);

/// Of the certificate's SubjectPublicKeyInfo.
Sha256 key_hash(X509* certificate);
Sha256 sha256(std::string_view bytes);
std::string base64(const Sha256& hash);

}  // namespace headway::connect
