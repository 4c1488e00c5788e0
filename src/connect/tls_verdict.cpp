// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_verdict.hpp"

#include <headway/error.hpp>

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <exception>
#include <new>

namespace headway::connect {
namespace {

Error error_of(int verification) {
  switch (verification) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Error::tls_certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Error::tls_certificate_not_yet_valid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return Error::tls_self_signed;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return Error::tls_unknown_issuer;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Error::tls_wrong_host;
    case X509_V_ERR_CERT_REVOKED:
      return Error::tls_certificate_revoked;
    default:
      return Error::tls_certificate_rejected;
  }
}

std::string describe(X509* certificate, Error error, int verification, const std::string& name) {
  if (error == Error::tls_wrong_host) return '"' + name + "\", and it is for " + names_of(certificate);
  std::string text = subject_of(certificate) + ": " + X509_verify_cert_error_string(verification);
  if (error == Error::tls_certificate_expired) text += ' ' + text_of(X509_get0_notAfter(certificate));
  if (error == Error::tls_certificate_not_yet_valid) {
    text += " before " + text_of(X509_get0_notBefore(certificate));
  }
  return text;
}

}  // namespace

void TlsVerdict::note(X509_STORE_CTX* verification, const std::string& name) noexcept {
  if (error) return;
  const int found = X509_STORE_CTX_get_error(verification);
  X509* const certificate = X509_STORE_CTX_get_current_cert(verification);
  const Error wrong = error_of(found);
  error = wrong;
  try {
    detail = certificate != nullptr ? describe(certificate, wrong, found, name)
                                    : std::string(X509_verify_cert_error_string(found));
  } catch (const std::bad_alloc&) {
    detail.clear();
  }
}

/// What cannot be hashed is no pinned key.
void TlsVerdict::check_pins(X509* certificate, const std::vector<Sha256>& pins) noexcept try {
  if (pins.empty() || error) return;
  error = Error::tls_wrong_key;
  const Sha256 hash = certificate != nullptr ? key_hash(certificate) : Sha256{};
  if (std::find(pins.begin(), pins.end(), hash) != pins.end()) return error.clear();
  detail = certificate != nullptr ? "its SHA-256 is " + base64(hash) : "no certificate";
} catch (const std::exception&) {
  detail.clear();
}

}  // namespace headway::connect
