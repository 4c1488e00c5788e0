// SPDX-License-Identifier: BSL-1.0
#include "src/connect/proxy_url.hpp"

#include "src/connect/tls_material.hpp"
#include "src/percent_decode.hpp"
#include "src/url_chars.hpp"

#include <headway/headers.hpp>
#include <headway/url.hpp>

#include <algorithm>
#include <array>

namespace headway::connect {
namespace {

struct Known {
  ProxyUrl::Scheme scheme;
  std::string_view name;
  std::uint16_t port;
};

constexpr std::array<Known, 4> known_schemes = {{{ProxyUrl::Scheme::http, "http", 80},
                                                 {ProxyUrl::Scheme::https, "https", 443},
                                                 {ProxyUrl::Scheme::socks5, "socks5", 1080},
                                                 {ProxyUrl::Scheme::socks5h, "socks5h", 1080}}};
constexpr std::size_t longest_socks_login = 255;  // RFC 1929 section 2

const Known* scheme_called(std::string_view name) {
  const auto* const found = std::find_if(known_schemes.begin(), known_schemes.end(), [name](const Known& k) {
    return equals_ignoring_case(k.name, name);
  });
  return found == known_schemes.end() ? nullptr : found;
}

const Known& of(ProxyUrl::Scheme scheme) { return known_schemes[static_cast<std::size_t>(scheme)]; }

/// Control characters have no place in a login, and in a header field they would do harm.
bool is_login(std::string_view text, bool socks) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return (!socks || text.size() <= longest_socks_login) && std::none_of(text.begin(), text.end(), is_control);
}

/// False where there is a login that cannot be one.
bool take_login(std::string_view userinfo, ProxyUrl& proxy, std::string& wrong) {
  const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
  proxy.user = detail::percent_decode(userinfo.substr(0, colon));
  proxy.password = detail::percent_decode(userinfo.substr(std::min(colon + 1, userinfo.size())));
  // RFC 7617 section 2: whatever stands behind a colon would be taken for the password.
  const bool ambiguous = !proxy.is_socks() && proxy.user.find(':') != std::string::npos;
  if (ambiguous || proxy.user.empty() || !is_login(proxy.user, proxy.is_socks())) {
    wrong = "user name";
  } else if (!is_login(proxy.password, proxy.is_socks())) {
    wrong = "password";
  }
  return wrong.empty();
}

}  // namespace

std::string ProxyUrl::str() const {
  const bool address = host.find(':') != std::string::npos;
  std::string text(of(scheme).name);
  text.append(address ? "://[" : "://").append(host).append(address ? "]:" : ":");
  return text.append(std::to_string(port));
}

std::optional<ProxyUrl> ProxyUrl::parse(std::string_view text, std::string& wrong) {
  const std::size_t slashes = text.find("://");
  const Known* const known =
      slashes == text.npos ? known_schemes.data() : scheme_called(text.substr(0, slashes));
  if (known == nullptr) {
    wrong = "scheme";
    return std::nullopt;
  }
  const std::string rest(text.substr(slashes == text.npos ? 0 : slashes + 3));
  std::error_code ec;
  const Url url = Url::parse("http://" + rest, ec);
  if (ec || url.target() != "/" || !url.fragment().empty() || url.str().ends_with('#')) {
    wrong = ec ? "host or port" : "path";
    return std::nullopt;
  }
  ProxyUrl proxy;
  proxy.scheme = known->scheme;
  proxy.host = url.host();
  if (proxy.scheme == Scheme::https && !is_peer_name(proxy.host)) {
    wrong = "host: no name that a certificate can be for";
    return std::nullopt;
  }
  // A port that is not written is another one for another scheme.
  const bool port_is_written = Url::parse("https://" + rest, ec).port() == url.port();
  proxy.port = port_is_written ? url.port() : known->port;
  if (proxy.port == 0) {
    wrong = "port";
    return std::nullopt;
  }
  proxy.has_login = !url.userinfo().empty();
  if (proxy.has_login && !take_login(url.userinfo(), proxy, wrong)) return std::nullopt;
  proxy.key = proxy.str();
  if (proxy.has_login) proxy.key.insert(proxy.key.find("://") + 3, std::string(url.userinfo()) + '@');
  return proxy;
}

}  // namespace headway::connect
