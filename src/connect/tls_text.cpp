// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_text.hpp"

#include "src/connect/tls_pointers.hpp"

#include <headway/error.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <memory>

namespace headway::connect {
namespace {

constexpr std::size_t most_names = 16;
constexpr std::size_t longest_text = 256;

using NamesPtr = std::unique_ptr<GENERAL_NAMES, TlsFree<GENERAL_NAMES_free>>;

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// Of a certificate that nobody has verified yet: its names must not write lines of their own into a log.
std::string printable(std::string_view name) {
  std::string text(name.substr(0, longest_text));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
  return text;
}

std::string address_of(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(address) != 16) return "?";
  ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
  return text.data();
}

std::string written(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, std::min(static_cast<std::size_t>(size), longest_text)) : std::string();
}

}  // namespace

std::string_view take_tls_error() noexcept {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  const char* reason = first == 0 ? nullptr : ERR_reason_error_string(first);
  return reason == nullptr ? "unknown error of OpenSSL" : reason;
}

std::string names_of(X509* certificate) {
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string list;
  std::size_t count = 0;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    if (!list.empty()) list += ", ";
    if (++count > most_names || list.size() > longest_text) return list + "…";
    list += name->type == GEN_DNS ? printable(bytes_of(name->d.dNSName)) : address_of(name->d.iPAddress);
  }
  return list.empty() ? "nobody" : list;
}

std::string subject_of(X509* certificate) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (memory) X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE);
  return memory ? written(memory.get()) : std::string();
}

std::string text_of(const ASN1_TIME* time) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (memory) ASN1_TIME_print(memory.get(), time);
  return memory ? written(memory.get()) : std::string();
}

Sha256 key_hash(X509* certificate) {
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  if (size <= 0) return {};
  const Sha256 hash = sha256({reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size)});
  OPENSSL_free(encoded);
  return hash;
}

Sha256 sha256(std::string_view bytes) {
  Sha256 hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::system_error(make_error_code(Error::tls_failed), "SHA-256: " + std::string(take_tls_error()));
  }
  return hash;
}

std::string base64(const Sha256& hash) {
  std::array<char, 48> text{};
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), hash.data(),
                                   static_cast<int>(hash.size()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace headway::connect
