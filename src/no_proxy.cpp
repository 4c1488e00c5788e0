// SPDX-License-Identifier: BSL-1.0
#include "src/url_chars.hpp"

#include <headway/error.hpp>
#include <headway/no_proxy.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace headway {
namespace {

constexpr std::string_view separators = ", \t\r\n";
constexpr int ipv4_offset = 96;  // bits in front of an IPv4 address that is written as IPv6

template <class Number>
bool parse_number(std::string_view text, Number most, Number& number) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value > most) return false;
  number = static_cast<Number>(value);
  return true;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = detail::url_lower(c);
  return result;
}

bool is_host_name(const std::string& name) {
  return !name.empty() && name.front() != '.' &&
         detail::skip_url(name.c_str(), detail::url_reg_name) == name.c_str() + name.size() &&
         name.find('*') == name.npos;
}

/// Takes `:PORT` off the end; false where what stands there is no port.
bool take_port(std::string_view& text, std::uint16_t& port) {
  const std::size_t colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  if (colon == text.npos || (bracketed && text.find(']') > colon)) return true;
  if (!bracketed && text.find(':') != colon) return true;  // an IPv6 address
  const std::string_view digits = text.substr(colon + 1);
  text = text.substr(0, colon);
  return parse_number<std::uint16_t>(digits, 65535, port) && port != 0;
}

}  // namespace

NoProxy::NoProxy(std::string_view list) {
  for (std::size_t begin = list.find_first_not_of(separators); begin != list.npos;
       begin = list.find_first_not_of(separators, begin)) {
    const std::size_t end = std::min(list.find_first_of(separators, begin), list.size());
    const std::string_view text = list.substr(begin, end - begin);
    std::optional<Entry> entry = parse(text);
    if (!entry) {
      throw std::system_error(make_error_code(Error::invalid_option),
                              "no_proxy: \"" + std::string(text) + '"');
    }
    entries_.push_back(std::move(*entry));
    begin = end;
  }
}

std::optional<NoProxy::Bytes> NoProxy::address_of(const std::string& text) {
  Bytes bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  if (::inet_pton(AF_INET, text.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  bytes[10] = bytes[11] = 0xff;
  return bytes;
}

bool NoProxy::parse_range(std::string_view text, Entry& entry) {
  const std::size_t slash = text.find('/');
  std::string_view address = text.substr(0, slash);
  if (address.starts_with('[')) {
    if (!address.ends_with(']') || address.find(':') == address.npos) return false;
    address = address.substr(1, address.size() - 2);
  }
  const std::optional<Bytes> network = address_of(std::string(address));
  if (!network) return false;
  const bool ipv4 = address.find(':') == address.npos;
  const std::uint8_t bits = ipv4 ? 32 : 128;
  entry.kind = Entry::Kind::range;
  entry.network = *network;
  entry.prefix = bits;
  if (slash != text.npos && !parse_number(text.substr(slash + 1), bits, entry.prefix)) return false;
  if (ipv4) entry.prefix = static_cast<std::uint8_t>(entry.prefix + ipv4_offset);
  return true;
}

std::optional<NoProxy::Entry> NoProxy::parse(std::string_view text) {
  Entry entry;
  if (text == "*") return entry;
  if (!take_port(text, entry.port)) return std::nullopt;
  if (parse_range(text, entry)) return entry;
  entry.kind = Entry::Kind::name;
  if (text.starts_with("*.")) text.remove_prefix(1);
  if (text.starts_with('.')) {
    entry.kind = Entry::Kind::below;
    text.remove_prefix(1);
  }
  if (text.ends_with('.')) text.remove_suffix(1);
  entry.name = lower(text);
  if (!is_host_name(entry.name)) return std::nullopt;
  return entry;
}

bool NoProxy::covers(const Entry& entry, std::string_view host, const std::optional<Bytes>& address) {
  if (entry.kind == Entry::Kind::every) return true;
  if (entry.kind == Entry::Kind::range) {
    if (!address) return false;
    const std::size_t whole = entry.prefix / 8;
    const int rest = entry.prefix % 8;
    if (!std::equal(entry.network.begin(), entry.network.begin() + static_cast<std::ptrdiff_t>(whole),
                    address->begin())) {
      return false;
    }
    return rest == 0 || ((entry.network[whole] ^ (*address)[whole]) >> (8 - rest)) == 0;
  }
  if (address || !host.ends_with(entry.name)) return false;
  const std::size_t more = host.size() - entry.name.size();
  return more == 0 ? entry.kind == Entry::Kind::name : host[more - 1] == '.';
}

bool NoProxy::matches(std::string_view host, std::uint16_t port) const {
  if (entries_.empty()) return false;
  if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
  const std::optional<Bytes> address = address_of(std::string(host));
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return (entry.port == 0 || entry.port == port) && covers(entry, host, address);
  });
}

}  // namespace headway
