// SPDX-License-Identifier: BSL-1.0
#include "src/auth/message_digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <span>

namespace headway::auth {
namespace {

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

}  // namespace

std::string digest(Hash hash, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const EVP_MD* const kind = hash == Hash::md5      ? EVP_md5()
                             : hash == Hash::sha256 ? EVP_sha256()
                                                    : EVP_sha512_256();
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, kind, nullptr) != 1) return {};
  return hexadecimal(std::span(bytes).first(size));
}

bool is_available(Hash hash) { return !digest(hash, {}).empty(); }

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return {};
  return hexadecimal(bytes);
}

}  // namespace headway::auth
