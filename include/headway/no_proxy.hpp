// SPDX-License-Identifier: BSL-1.0
#pragma once

// Which hosts are reached without a proxy: what the environment's no_proxy says. An immutable value; any
// thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

/// Entries, separated by commas or blanks, without regard to case:
/// - `example.com`: this host and all below it; `.example.com` and `*.example.com`: those below it alone
/// - `10.1.2.3`, `::1`, `[::1]`: this address
/// - `10.0.0.0/8`, `fd00::/8`: all addresses of the range; an IPv4 address written as IPv6 (::ffff:10.0.0.1)
///   is in the ranges of both
/// - any of the first two with `:PORT` behind it (an IPv6 address in brackets then): this port alone
/// - `*`: every host
/// Names are compared as they are written: nothing is looked up, and an address is no name's.
class NoProxy {
 public:
  /// Matches nothing.
  NoProxy() = default;
  /// Throws std::system_error (Error::invalid_option) that names the first entry that is none of the above.
  explicit NoProxy(std::string_view list);

  /// `host` as a Url has it: lower-case, without brackets. A dot at its end counts for nothing.
  bool matches(std::string_view host, std::uint16_t port) const;
  bool empty() const noexcept { return entries_.empty(); }

 private:
  using Bytes = std::array<std::uint8_t, 16>;  // an IPv4 address as IPv6 has it
  struct Entry {
    enum class Kind : std::uint8_t { every, name, below, range };
    Kind kind = Kind::every;
    std::uint8_t prefix = 0;  ///< bits of `network` that count
    std::uint16_t port = 0;   ///< 0: any
    std::string name = {};
    Bytes network = {};
  };
  static std::optional<Bytes> address_of(const std::string& text);
  static std::optional<Entry> parse(std::string_view text);
  static bool parse_range(std::string_view text, Entry& entry);
  static bool covers(const Entry& entry, std::string_view host, const std::optional<Bytes>& address);

  std::vector<Entry> entries_;
};

}  // namespace headway
