// SPDX-License-Identifier: BSL-1.0
#pragma once

// One set of TLS settings, ready for use: OpenSSL's context, the pinned keys, the sessions. Shared by all
// connections that are made with it. Thread-safe.

#include "src/connect/tls_material.hpp"
#include "src/connect/tls_pointers.hpp"
#include "src/connect/tls_sessions.hpp"
#include "src/connect/tls_text.hpp"

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace headway::connect {

class TlsContext {
 public:
  /// Throws std::system_error (Error::invalid_option) that names the member, and what the hook throws.
  TlsContext(const TlsMaterial& material, std::string identity);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  SSL_CTX* native() const noexcept { return native_.get(); }
  /// What RouteVia::tls_identity says of it.
  const std::string& identity() const noexcept { return identity_; }
  /// Whom certificates must be for: the option, or else the route's host.
  const std::string& name_of_peer(const HttpRoute& route) const noexcept {
    return server_name_.empty() ? route.host() : server_name_;
  }
  bool verifies() const noexcept { return verifies_; }
  /// Empty: none.
  const std::vector<Sha256>& pins() const noexcept { return pins_; }
  TlsSessions& sessions() const noexcept { return sessions_; }
  bool resumes() const noexcept { return resumes_; }
  /// Preconditions: there is a key log.
  void log_key(const char* line) const noexcept;

 private:
  void open_key_log(const std::string& path);

  SslContextPtr native_;
  std::string identity_;
  std::string server_name_;
  std::vector<Sha256> pins_;
  bool verifies_;
  bool resumes_;
  mutable TlsSessions sessions_;
  mutable std::mutex key_log_mutex_;
  struct Closing {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closing> key_log_;  // under its mutex; null: there is none
};

}  // namespace headway::connect
