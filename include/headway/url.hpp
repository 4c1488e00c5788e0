// SPDX-License-Identifier: BSL-1.0
#pragma once

// An absolute http or https URL, split into its parts (RFC 3986). A value: copy it, use it from any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace headway {

namespace detail {
class UrlParser;
}

/// Scheme and host are lower-cased, an empty path becomes "/", percent-encoding is kept as it came, spaces
/// and other bytes that may not stand in a URL are refused, and so is anything above 64 KiB. Square brackets
/// in path, query and fragment are let through. Views returned
/// by the getters live as long as the Url is neither changed nor destroyed.
class Url {
 public:
  Url() = default;
  /// Throws std::system_error with Error::invalid_url or Error::unsupported_scheme; the text says which part.
  explicit Url(std::string_view text);

  /// Sets `ec` instead of throwing; the result is empty then. Reuses `into`'s memory.
  static Url parse(std::string_view text, std::error_code& ec);
  static void parse(std::string_view text, Url& into, std::error_code& ec);

  bool empty() const noexcept { return text_.empty(); }
  std::string_view scheme() const noexcept;  ///< "http" or "https"
  /// As written before the '@', still percent-encoded; empty where there is none.
  std::string_view userinfo() const noexcept;
  /// Lower-cased; an IPv6 literal without its brackets.
  std::string_view host() const noexcept;
  bool host_is_ipv6() const noexcept { return ipv6_; }
  std::uint16_t port() const noexcept { return port_; }  ///< the scheme's default where none is written
  std::string_view path() const noexcept;                ///< begins with '/'
  std::string_view query() const noexcept;               ///< without its '?'
  std::string_view fragment() const noexcept;            ///< without its '#'
  /// Path and query, as the request line has it (RFC 9112 section 3.2.1).
  std::string_view target() const noexcept;
  /// The value of the Host field: host, brackets where needed, port unless it is the scheme's default.
  std::string_view host_field() const noexcept { return host_field_; }

  /// The whole URL, normalised as above, with user name and password.
  std::string_view str() const noexcept { return text_; }
  /// The same without user name and password: what may be logged.
  std::string redacted() const;

  /// Resolves a reference against this URL (RFC 3986 section 5.2, strict), dot segments removed.
  Url resolve(std::string_view reference, std::error_code& ec) const;

  friend bool operator==(const Url& a, const Url& b) noexcept { return a.text_ == b.text_; }

 private:
  friend class detail::UrlParser;
  struct Span {
    std::uint32_t begin = 0, size = 0;
  };
  // A Url that was moved from has spans and no text.
  std::string_view view(Span span) const noexcept {
    return empty() ? std::string_view() : std::string_view(text_.data() + span.begin, span.size);
  }

  std::string text_;
  std::string host_field_;
  Span scheme_, userinfo_, host_, path_, query_, fragment_;
  std::uint16_t port_ = 0;
  bool ipv6_ = false;
};

/// Resolves a reference against any base URI by RFC 3986 section 5.2: the pure algorithm, whatever the
/// scheme.
std::string resolve_reference(std::string_view base, std::string_view reference);

/// Percent-encodes every byte but the unreserved ones (RFC 3986 section 2.3).
std::string percent_encode(std::string_view text);

}  // namespace headway
