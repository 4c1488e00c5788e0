// SPDX-License-Identifier: BSL-1.0
#include "tests/support/certificates.hpp"

#include "src/connect/tls_text.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <ctime>
#include <stdexcept>

namespace headway::testing {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Crl = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

void must(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("certificates: ") + what);
}

template <class Write>
std::string pem(Write write) {
  const Bio memory(BIO_new(BIO_s_mem()));
  must(write(memory.get()) == 1, "PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Certificate parse_certificate(const std::string& text) {
  const Bio memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Certificate parsed(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  must(parsed != nullptr, "no certificate");
  return parsed;
}

Key make_key(CertificateWish::Key kind) {
  Key key(kind == CertificateWish::Key::weak ? EVP_RSA_gen(1024u) : EVP_EC_gen("P-256"));
  must(key != nullptr, "key");
  return key;
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "extension");
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(const CertificateWish& wish, EVP_PKEY* key, X509* issuer) {
  static std::atomic<long> serial{1};
  Certificate made(X509_new());
  X509* const x = made.get();
  std::time_t now = std::time(nullptr);
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_time_adj_ex(X509_getm_notBefore(x), 0, std::chrono::seconds(wish.valid_from).count(), &now);
  X509_time_adj_ex(X509_getm_notAfter(x), 0, std::chrono::seconds(wish.valid_until).count(), &now);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(issuer != nullptr ? issuer : x));
  must(X509_set_pubkey(x, key) == 1, "public key");
  if (!wish.names.empty()) extend(x, issuer, NID_subject_alt_name, wish.names);
  return made;
}

}  // namespace

struct Authority::Signer {
  Key key = make_key(CertificateWish::Key::strong);
  Certificate certificate;
};

Authority::Authority(const std::string& name) : signer_(std::make_unique<Signer>()) {
  const CertificateWish wish{.names = "", .common_name = name};
  signer_->certificate = make_certificate(wish, signer_->key.get(), nullptr);
  X509* const x = signer_->certificate.get();
  extend(x, x, NID_basic_constraints, "critical,CA:TRUE");
  extend(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(x, x, NID_subject_key_identifier, "hash");
  must(X509_sign(x, signer_->key.get(), EVP_sha256()) > 0, "signature");
  credentials_.certificate = pem([&](BIO* out) { return PEM_write_bio_X509(out, x); });
}

Authority::~Authority() = default;

namespace {

Credentials written(X509* certificate, EVP_PKEY* key) {
  return {pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); }), pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace

Credentials Authority::issue(const CertificateWish& wish) {
  const Key key = make_key(wish.key);
  const Certificate made = make_certificate(wish, key.get(), signer_->certificate.get());
  must(X509_sign(made.get(), signer_->key.get(), EVP_sha256()) > 0, "signature");
  return written(made.get(), key.get());
}

Credentials Authority::self_signed(const CertificateWish& wish) {
  const Key key = make_key(wish.key);
  const Certificate made = make_certificate(wish, key.get(), nullptr);
  must(X509_sign(made.get(), key.get(), EVP_sha256()) > 0, "signature");
  return written(made.get(), key.get());
}

std::string Authority::revocation_list(const std::vector<Credentials>& revoked) const {
  const Crl list(X509_CRL_new());
  X509_CRL* const crl = list.get();
  const std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>> now(X509_gmtime_adj(nullptr, -3600));
  const std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>> next(X509_gmtime_adj(nullptr, 3600));
  X509_CRL_set_version(crl, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl, X509_get_subject_name(signer_->certificate.get()));
  X509_CRL_set1_lastUpdate(crl, now.get());
  X509_CRL_set1_nextUpdate(crl, next.get());
  for (const Credentials& each : revoked) {
    const Certificate certificate = parse_certificate(each.certificate);
    X509_REVOKED* const entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry, now.get());
    X509_CRL_add0_revoked(crl, entry);
  }
  must(X509_CRL_sign(crl, signer_->key.get(), EVP_sha256()) > 0, "signature");
  return pem([&](BIO* out) { return PEM_write_bio_X509_CRL(out, crl); });
}

std::string encrypted_key(const Credentials& credentials, const std::string& password) {
  const Bio memory(BIO_new_mem_buf(credentials.key.data(), static_cast<int>(credentials.key.size())));
  const Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
  return pem([&](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key.get(), EVP_aes_128_cbc(), password.data(),
                                         static_cast<int>(password.size()), nullptr, nullptr);
  });
}

std::string pin_of(const Credentials& credentials) {
  return connect::base64(connect::key_hash(parse_certificate(credentials.certificate).get()));
}

}  // namespace headway::testing
