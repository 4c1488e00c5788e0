// SPDX-License-Identifier: BSL-1.0
#pragma once

// Who a client is to the servers that it asks (RFC 9110 section 11).

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway {

/// Whether a login is sent before the server has asked for one.
enum class Preemptive : std::uint8_t { off, on };

/// User name and password by Basic (RFC 7617), which anybody on the way can read unless it is https. The name
/// has no colon; both have no control characters, and are sent as the bytes that they are.
struct Basic {
  std::string user = {}, password = {};
  Preemptive preemptive = Preemptive::off;
};

/// By Digest (RFC 7616) and nothing else: SHA-512-256, SHA-256 or MD5, whichever is the strongest that the
/// server asks for.
struct Digest {
  std::string user = {}, password = {};
};

/// By what the server asks for: Digest where it knows that, else Basic.
struct Password {
  std::string user = {}, password = {};
};

/// Called after a 401, with the token that the server did not take; the new one. Empty, or the same: there is
/// none, and the 401 is the call's response. On the thread that runs the call, under no lock, and by several
/// at once where several calls met a 401 with the same token.
using BearerRefresh = std::function<std::string(const std::string& refused)>;

/// A token (RFC 6750), sent with every request to its server.
struct Bearer {
  std::string token = {};  ///< empty: none until the server asks and `refresh` gives one
  BearerRefresh refresh = nullptr;
};

/// One of the above. Cheap to copy.
class Credential {
 public:
  Credential(Basic login);     // NOLINT(google-explicit-constructor)
  Credential(Digest login);    // NOLINT(google-explicit-constructor)
  Credential(Password login);  // NOLINT(google-explicit-constructor)
  Credential(Bearer login);    // NOLINT(google-explicit-constructor)

  struct Held;
  /// For the library itself.
  const Held& held() const noexcept { return *held_; }

 private:
  std::shared_ptr<const Held> held_;
};

/// Credentials by the origin that each is for and goes to alone: "https://api.test", "http://10.0.0.1:8080".
/// An origin without a scheme is a host: for both schemes and all of its ports. A value.
class Credentials {
 public:
  struct Entry {
    std::string origin;
    Credential credential;
  };

  Credentials() noexcept;
  Credentials(std::initializer_list<Entry> entries);
  Credentials(const Credentials& other);
  Credentials(Credentials&& other) noexcept;
  Credentials& operator=(const Credentials& other);
  Credentials& operator=(Credentials&& other) noexcept;
  ~Credentials();

  /// In place of what is there for the same origin, as it is written.
  void set(std::string origin, Credential credential);
  bool contains(std::string_view origin) const noexcept;
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;
};

/// The logins of a netrc file, as `Password`s by host: "machine HOST login USER password PASSWORD", in any
/// layout; `default`, which would be for all hosts, `account` and `macdef` are passed over, and so is an
/// entry without both or with what no login can hold. Of several for one host the first counts. Errors: the
/// system's; std::errc::file_too_large beyond 1 MiB.
Credentials read_netrc(const std::string& path, std::error_code& ec);
/// Throws std::system_error that names the file.
Credentials read_netrc(const std::string& path);
/// The same of a file's text. Pure.
Credentials parse_netrc(std::string_view text);

}  // namespace headway
