// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_material.hpp"

#include "src/connect/tls_text.hpp"

#include <headway/error.hpp>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

namespace headway::connect {
namespace {

constexpr std::uintmax_t largest_file = 64 * 1024 * 1024;
constexpr std::size_t most_files = 10'000;

std::string read_file(std::string_view member, const std::string& path) {
  std::error_code ec;
  const std::uintmax_t size = std::filesystem::file_size(path, ec);
  if (ec) refuse_tls_option(member, path + ": " + ec.message());
  if (size > largest_file) refuse_tls_option(member, path + ": too large");
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    refuse_tls_option(member, path + ": " + std::error_code(errno, std::generic_category()).message());
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty()) refuse_tls_option(member, path + ": empty");  // it would switch off what it is for
  return text;
}

/// Of a file or from memory, not both.
std::string either(std::string_view member, const std::string& path, const std::string& pem) {
  if (path.empty()) return pem;
  if (!pem.empty()) refuse_tls_option(member, "given as a file and in memory");
  return read_file(member, path);
}

/// OpenSSL reads its files when it needs them, each once. So that a client made after they were changed does
/// not share what was read before.
std::string list_directory(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ec;
  if (!fs::is_directory(path, ec)) refuse_tls_option("ca_directory", path + ": not a directory");
  std::set<std::string> files;
  for (fs::directory_iterator entry(path, ec), end; !ec && entry != end; entry.increment(ec)) {
    if (files.size() == most_files) refuse_tls_option("ca_directory", path + ": more than 10,000 files");
    std::error_code gone;
    const auto changed = entry->last_write_time(gone).time_since_epoch().count();
    files.insert(entry->path().filename().string() + '/' + std::to_string(entry->file_size(gone)) + '/' +
                 std::to_string(changed));
  }
  if (ec) refuse_tls_option("ca_directory", path + ": " + ec.message());
  std::string all;
  for (const std::string& file : files) all.append(file).append("/");
  return all;
}

/// Of this process, so that nobody can try passwords on an identity that was logged.
const std::string& salt() {
  static const std::string random = [] {
    std::random_device source;
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += std::to_string(source());
    return bytes;
  }();
  return random;
}

void append(std::string& all, std::string_view part) {
  all.append(std::to_string(part.size())).append(":").append(part);
}

std::string hexadecimal(const Sha256& hash, std::size_t bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += digits[hash[i] >> 4];
    text += digits[hash[i] & 15];
  }
  return text;
}

std::string everything_in(const TlsMaterial& material) {
  const TlsOptions& options = material.options;
  std::string all;
  for (const std::string* part :
       {&material.ca_file, &options.ca_pem, &options.ca_directory, &material.ca_directory, &material.crl,
        &material.certificate, &material.key, &options.private_key_password, &options.ciphers,
        &options.cipher_suites, &options.server_name, &options.key_log_file}) {
    append(all, *part);
  }
  for (const std::string& pin : options.pinned_keys) append(all, pin);
  append(all, std::to_string(static_cast<int>(options.min_version)));
  append(all, std::to_string(static_cast<int>(options.peer)));
  append(all, std::to_string(static_cast<int>(options.resumption)));
  return all;
}

}  // namespace

void refuse_tls_option(std::string_view member, const std::string& why) {
  throw std::system_error(make_error_code(Error::invalid_option), "tls." + std::string(member) + ": " + why);
}

bool is_peer_name(std::string_view name) noexcept {
  constexpr std::size_t longest = 255;  // TLSEXT_MAXLEN_host_name
  return !name.starts_with('.') && name.size() <= longest && name.find('\0') == name.npos;
}

TlsMaterial::TlsMaterial(const TlsOptions& from)
    : options(from),
      certificate(either("certificate_file", from.certificate_file, from.certificate_pem)),
      key(either("private_key_file", from.private_key_file, from.private_key_pem)) {
  if (!from.ca_file.empty()) ca_file = read_file("ca_file", from.ca_file);
  if (!from.crl_file.empty()) crl = read_file("crl_file", from.crl_file);
  if (certificate.empty() && !key.empty()) {
    refuse_tls_option(from.private_key_file.empty() ? "private_key_pem" : "private_key_file",
                      "has no certificate");
  }
  if (key.empty()) key = certificate;
  if (!from.server_name.empty() && !is_peer_name(from.server_name)) {
    refuse_tls_option("server_name", "begins with a dot, holds a NUL, or is longer than 255 bytes");
  }
  if (!from.ca_directory.empty()) ca_directory = list_directory(from.ca_directory);
}

std::string TlsMaterial::identity() const {
  static const std::string nothing = everything_in(TlsMaterial(TlsOptions{}));
  static std::atomic<unsigned long> hooked{0};
  std::string all = everything_in(*this);
  if (options.on_context) {
    // What a hook does cannot be compared.
    append(all, "hook " + std::to_string(++hooked));
  } else if (all == nothing) {
    return {};
  }
  return hexadecimal(sha256(salt() + all), 16);
}

}  // namespace headway::connect
