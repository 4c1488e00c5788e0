// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_setup.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

namespace headway::connect {
namespace {

void require_tls(bool good, std::string_view member) {
  if (!good) refuse_tls_option(member, std::string(take_tls_error()));
}

BioPtr reading(const std::string& pem) {
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// Of a key; without it OpenSSL would ask on the terminal.
int give_password(char* into, int room, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  if (text.empty() || text.size() > static_cast<std::size_t>(room)) return 0;
  return static_cast<int>(text.copy(into, text.size()));
}

CertificatePtr next_certificate(BIO* pem) {
  std::string none;
  return CertificatePtr(PEM_read_bio_X509(pem, nullptr, give_password, &none));
}

/// Behind the last object of a PEM; anything else is a broken one.
void require_end(std::string_view member) {
  const unsigned long error = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  require_tls(at_end, member);
  ERR_clear_error();
}

void trust(SSL_CTX* context, const std::string& pem, std::string_view member) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  const BioPtr bio = reading(pem);
  std::size_t count = 0;
  while (const CertificatePtr certificate = next_certificate(bio.get())) {
    require_tls(X509_STORE_add_cert(store, certificate.get()) == 1, member);
    ++count;
  }
  if (count == 0) refuse_tls_option(member, "no certificate in it: " + std::string(take_tls_error()));
  require_end(member);
}

void set_trust(SSL_CTX* context, const TlsMaterial& material) {
  const TlsOptions& options = material.options;
  if (!material.ca_file.empty()) trust(context, material.ca_file, "ca_file");
  if (!options.ca_pem.empty()) trust(context, options.ca_pem, "ca_pem");
  if (!options.ca_directory.empty()) {
    require_tls(SSL_CTX_load_verify_dir(context, options.ca_directory.c_str()) == 1, "ca_directory");
  }
  const bool own = !material.ca_file.empty() || !options.ca_pem.empty() || !options.ca_directory.empty();
  if (!own) SSL_CTX_set_default_verify_paths(context);
  ERR_clear_error();
}

void set_revoked(SSL_CTX* context, const std::string& pem) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  const BioPtr bio = reading(pem);
  std::size_t count = 0;
  while (const CrlPtr crl = CrlPtr(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr))) {
    require_tls(X509_STORE_add_crl(store, crl.get()) == 1, "crl_file");
    ++count;
  }
  if (count == 0) refuse_tls_option("crl_file", "no revocation list in it: " + std::string(take_tls_error()));
  require_end("crl_file");
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK);
}

const char* certificate_member(const TlsOptions& options) {
  return options.certificate_file.empty() ? "certificate_pem" : "certificate_file";
}

void set_certificate(SSL_CTX* context, const TlsMaterial& material) {
  const TlsOptions& options = material.options;
  const char* const member = certificate_member(options);
  const BioPtr bio = reading(material.certificate);
  const CertificatePtr leaf = next_certificate(bio.get());
  require_tls(leaf != nullptr && SSL_CTX_use_certificate(context, leaf.get()) == 1, member);
  while (const CertificatePtr issuer = next_certificate(bio.get())) {
    require_tls(SSL_CTX_add1_chain_cert(context, issuer.get()) == 1, member);
  }
  require_end(member);
}

void set_key(SSL_CTX* context, const TlsMaterial& material) {
  const TlsOptions& options = material.options;
  const bool beside = !options.private_key_file.empty() || !options.private_key_pem.empty();
  const char* const member = beside
                                 ? (options.private_key_file.empty() ? "private_key_pem" : "private_key_file")
                                 : certificate_member(options);
  std::string password = options.private_key_password;
  const BioPtr bio = reading(material.key);
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password));
  const bool encrypted = material.key.find("ENCRYPTED") != std::string::npos;
  if (!key && !beside && material.key.find("PRIVATE KEY-----") == std::string::npos) {
    ERR_clear_error();
    refuse_tls_option(member, "no private key in it, and none beside it");
  }
  if (!key && encrypted) refuse_tls_option("private_key_password", std::string(take_tls_error()));
  require_tls(key != nullptr && SSL_CTX_use_PrivateKey(context, key.get()) == 1, member);
  require_tls(SSL_CTX_check_private_key(context) == 1, member);
}

void set_protocol(SSL_CTX* context, const TlsOptions& options) {
  // What the system's own configuration asks for is made stricter, never laxer.
  const long version = options.min_version == TlsVersion::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
  const long floor = std::max(version, SSL_CTX_get_min_proto_version(context));
  require_tls(SSL_CTX_set_min_proto_version(context, static_cast<int>(floor)) == 1, "min_version");
  // In front of the ciphers, which may name another level.
  SSL_CTX_set_security_level(context, std::max(2, SSL_CTX_get_security_level(context)));
  if (!options.ciphers.empty()) {
    // A suite without a certificate would leave nothing to verify.
    const std::string ciphers = options.ciphers + ":!aNULL:!eNULL";
    require_tls(SSL_CTX_set_cipher_list(context, ciphers.c_str()) == 1, "ciphers");
  }
  if (!options.cipher_suites.empty()) {
    require_tls(SSL_CTX_set_ciphersuites(context, options.cipher_suites.c_str()) == 1, "cipher_suites");
  }
  static constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context, http11.data(), static_cast<unsigned>(http11.size()));
}

void set_modes(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Records without data are counted: a server could send them for ever.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_read_ahead(context, 1);
}

}  // namespace

SslContextPtr make_ssl_context(const TlsMaterial& material) {
  ERR_clear_error();
  SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (!context) refuse_tls_option("*", std::string(take_tls_error()));
  set_modes(context.get());
  set_protocol(context.get(), material.options);
  set_trust(context.get(), material);
  if (!material.crl.empty()) set_revoked(context.get(), material.crl);
  if (!material.certificate.empty()) {
    set_certificate(context.get(), material);
    set_key(context.get(), material);
  }
  return context;
}

std::vector<Sha256> parse_pins(const std::vector<std::string>& pins) {
  std::vector<Sha256> hashes;
  for (const std::string& pin : pins) {
    std::array<unsigned char, 48> bytes{};
    const bool sized = pin.size() == 44 && pin.back() == '=' && pin[42] != '=';
    if (!sized || EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(pin.data()), 44) < 0) {
      refuse_tls_option("pinned_keys", '"' + pin + "\" is no SHA-256 in base64");
    }
    Sha256& hash = hashes.emplace_back();
    std::copy_n(bytes.begin(), hash.size(), hash.begin());
  }
  return hashes;
}

}  // namespace headway::connect
