// SPDX-License-Identifier: BSL-1.0

// What a proxy's operator or a proxy itself may write: proxy URLs, no_proxy lists, challenges, SOCKS replies.
// All of them take the whole input; what is accepted is whole.

#include "src/connect/proxy_login.hpp"
#include "src/connect/proxy_url.hpp"
#include "src/connect/socks5.hpp"

#include <headway/no_proxy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <system_error>

namespace {

using namespace headway::connect;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '\x7f'; });
}

void check_url(std::string_view input) {
  std::string wrong;
  const auto proxy = ProxyUrl::parse(input, wrong);
  require(proxy.has_value() == wrong.empty());
  if (!proxy) return;
  require(!proxy->host.empty() && proxy->port != 0);
  const auto again = ProxyUrl::parse(proxy->key, wrong);
  require(again && again->key == proxy->key && again->user == proxy->user &&
          again->password == proxy->password && again->str() == proxy->str());
  require(proxy->str().find('@') == std::string::npos);
}

void check_no_proxy(std::string_view input) {
  try {
    const headway::NoProxy list(input);
    list.matches("10.0.0.1", 80);
    list.matches("::1", 443);
    list.matches("www.example.com", 80);
  } catch (const std::system_error&) {
    return;
  }
}

void check_login(std::string_view input) {
  require(headway::auth::parse_challenges(input).size() <= 16);
  if (!headway::is_field_value(input) || !is_printable(input)) return;
  const std::string password = "secret";
  if (input.find(password) != input.npos) return;  // a realm may be called so, and comes back
  ProxyLogin login("user", password);
  headway::Headers fields;
  fields.add("Proxy-Authenticate", input);
  const std::string value = login.answer(fields, "", {"CONNECT", "a.test:443", ""});
  if (value.empty()) return;
  login.accepted(value);
  require(headway::is_field_value(value) && value.find(password) == std::string::npos);
  require(value.starts_with("Basic ") || value.starts_with("Digest "));
}

void check_socks(std::string_view input) {
  socks5::parse_choice(input, true);
  socks5::parse_verdict(input);
  if (const auto reply = socks5::parse_reply(input)) require(reply->more <= 257);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_url(input);
  check_no_proxy(input);
  check_login(input);
  check_socks(input);
  return 0;
}
