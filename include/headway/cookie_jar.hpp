// SPDX-License-Identifier: BSL-1.0
#pragma once

// Cookies as RFC 6265bis has them: what servers set, kept for the requests that it is for. Give one jar to a
// client, or to several, by ClientOptions::cookies.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway {

class Url;

/// To which requests between sites a browser would add the cookie (RFC 6265bis section 5.6.7). Kept, and not
/// acted upon: a client that is no browser has no site of its own.
enum class SameSite : std::uint8_t { unset, none, lax, strict };

struct Cookie {
  std::string name = {};  ///< may be empty, as some servers have it
  std::string value = {};
  std::string domain = {};  ///< lower-case, without a leading dot; an IPv6 address without brackets
  std::string path = "/";
  std::optional<std::chrono::sys_seconds> expires = std::nullopt;  ///< unset: at the end of the session
  bool host_only = true;                                           ///< for `domain` itself and none below it
  bool secure = false;                                             ///< for https alone
  bool http_only = false;  ///< kept for the file's sake; what asks here is always HTTP
  SameSite same_site = SameSite::unset;
  friend bool operator==(const Cookie&, const Cookie&) = default;
};

struct CookieJarOptions {
  /// 1 or more. Beyond them expired cookies go first, then, of a domain that has too many, those that are not
  /// `secure`; of equals the one that has not been used for the longest.
  std::size_t max_cookies = 3000, max_per_domain = 180;
  /// What time it is. Called on the threads that use the jar, several at a time, never under a lock; what it
  /// throws comes through. Null: the system's clock.
  std::function<std::chrono::sys_seconds()> now = nullptr;
};

/// Whether cookies without an expiry are written to a file.
enum class SessionCookies : std::uint8_t { dropped, kept };

/// Any thread. Cookies without a domain that the public suffix list has are refused where the library was
/// built with libpsl, and those for a top-level domain otherwise. Cookies of more than 4096 bytes of name and
/// value are ignored, and none lives for more than 400 days.
class CookieJar {
 public:
  /// Throws std::system_error (Error::invalid_option) that names the member out of range.
  explicit CookieJar(CookieJarOptions options = {});
  CookieJar(const CookieJar&) = delete;
  CookieJar& operator=(const CookieJar&) = delete;
  ~CookieJar();

  /// Takes the value of one Set-Cookie field of a response from `from`. False where it was ignored, by the
  /// rules of RFC 6265bis section 5.7; true too where it made the jar forget a cookie.
  bool receive(const Url& from, std::string_view set_cookie);
  /// The value of the Cookie field of a request to `to`: "a=1; b=2", longer paths first. Empty: none.
  std::string field_for(const Url& to);

  /// Adds a cookie as if its domain had set it over https, or changes the one of the same name, domain and
  /// path. Throws std::system_error (Error::invalid_option) where no server could have set it.
  void add(const Cookie& cookie);
  /// All that have not expired, the oldest first.
  std::vector<Cookie> cookies() const;
  /// Whether there was one.
  bool remove(std::string_view domain, std::string_view path, std::string_view name);
  void clear();
  /// Forgets the cookies without an expiry.
  void end_session();

  /// Adds the cookies of a file in Netscape's format, as curl and browsers' extensions write it. Returns how
  /// many it took: comments, and lines that are malformed or have expired, are skipped. Errors: the system's;
  /// std::errc::file_too_large beyond 16 MiB.
  std::size_t load(const std::string& path, std::error_code& ec);
  /// Throws std::system_error that names the file.
  std::size_t load(const std::string& path);
  /// Writes them to such a file, which only its owner may read; one that is there is replaced whole or not at
  /// all. A cookie with a tab in it, which the format has no room for, is left out. Errors: the system's.
  void save(const std::string& path, SessionCookies session, std::error_code& ec) const;
  /// Throws std::system_error that names the file.
  void save(const std::string& path, SessionCookies session = SessionCookies::dropped) const;

 private:
  class Store;
  std::unique_ptr<Store> store_;
};

}  // namespace headway
