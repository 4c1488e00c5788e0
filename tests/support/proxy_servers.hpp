// SPDX-License-Identifier: BSL-1.0
#pragma once

// Real proxies on 127.0.0.1, each with its configuration in a directory of its own: squid for HTTP, danted
// for SOCKS5. Use on one thread, the one that made them.

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/testing/reserved_port.hpp>

#include <string>

namespace headway::testing {

/// Knows one user, "user" with the password "secret", where it asks for one.
class Squid {
 public:
  enum class Login { none, basic, digest };
  /// Returns once it accepts. Throws std::runtime_error with squid's own words if it is not installed or does
  /// not start.
  explicit Squid(Login login);
  /// An https proxy: `certificate_and_key` is PEM.
  explicit Squid(const std::string& certificate_and_key);
  ~Squid();

  /// "http://127.0.0.1:3128", or https; `login`: "user:secret" or the like, or empty.
  std::string url(const std::string& login = {}) const;

 private:
  void start(const std::string& listening, Login login);
  static std::string configuration(const std::string& folder, Login login);

  std::string scheme_;
  TemporaryDirectory directory_;
  ReservedPort port_;
  ChildProcess process_;
};

/// Knows one user, "socksuser" with the password "secret", where it asks for one.
class Dante {
 public:
  enum class Login { none, password };
  /// danted asks the system who its users are, so that its own have to be put in the system's place: in a
  /// mount namespace of this process's children, which takes root.
  static bool can_ask_for_passwords();
  /// As for Squid.
  explicit Dante(Login login);
  ~Dante();

  /// `scheme`: "socks5" or "socks5h".
  std::string url(const std::string& scheme, const std::string& login = {}) const;

 private:
  std::string configuration(Login login) const;
  void write_users() const;

  TemporaryDirectory directory_;
  ReservedPort port_;
  ChildProcess process_;
};

}  // namespace headway::testing
