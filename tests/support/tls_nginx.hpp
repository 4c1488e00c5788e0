// SPDX-License-Identifier: BSL-1.0
#pragma once

// An nginx that speaks TLS with a certificate of the given authority, for 127.0.0.1 and localhost. Use on one
// thread.

#include "tests/support/certificates.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/testing/reserved_port.hpp>

#include <string>
#include <utility>

namespace headway::testing {

class TlsNginx {
 public:
  /// `server_config` goes into the server block; `plain` is of the same server without TLS.
  explicit TlsNginx(Authority& authority, const std::string& server_config, NginxOptions plain = {})
      : nginx_(with_server(std::move(plain), server(authority, server_config))) {}

  std::string url(const std::string& target = "/") const {
    return "https://127.0.0.1:" + std::to_string(port_.number()) + target;
  }
  /// Of the same server, but plain.
  const Nginx& plain() const { return nginx_; }
  /// The same port, asked in plain HTTP.
  std::string misdirected_url() const { return "http://127.0.0.1:" + std::to_string(port_.number()) + "/"; }
  void write_file(const std::string& name, std::string_view content) { directory_.write(name, content); }

 private:
  static NginxOptions with_server(NginxOptions options, const std::string& server) {
    options.http_config += server;
    return options;
  }

  std::string server(Authority& authority, const std::string& config) {
    const Credentials credentials = authority.issue();
    const std::string folder = directory_.path().string() + "/";
    directory_.write("server.crt", credentials.certificate);
    directory_.write("server.key", credentials.key);
    directory_.write("ca.crt", authority.certificate());
    return "server {\nlisten 127.0.0.1:" + std::to_string(port_.number()) +
           " ssl backlog=4096;\nssl_certificate " + folder + "server.crt;\nssl_certificate_key " + folder +
           "server.key;\nssl_client_certificate " + folder + "ca.crt;\nroot " + folder + ";\n" + config +
           "\n}\n";
  }

  TemporaryDirectory directory_;
  ReservedPort port_;
  Nginx nginx_;
};

}  // namespace headway::testing
