// SPDX-License-Identifier: BSL-1.0
#pragma once

// OpenSSL's objects, owned.

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace headway::connect {

template <auto free>
struct TlsFree {
  template <class T>
  void operator()(T* object) const noexcept {
    free(object);
  }
};

using BioPtr = std::unique_ptr<BIO, TlsFree<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, TlsFree<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, TlsFree<X509_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, TlsFree<X509_CRL_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, TlsFree<SSL_SESSION_free>>;
using SslPtr = std::unique_ptr<SSL, TlsFree<SSL_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, TlsFree<SSL_CTX_free>>;

}  // namespace headway::connect
