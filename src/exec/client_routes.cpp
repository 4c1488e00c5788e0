// SPDX-License-Identifier: BSL-1.0
#include "src/exec/client_routes.hpp"

#include "src/connect/address.hpp"
#include "src/connect/names.hpp"
#include "src/manage/options_check.hpp"

#include <charconv>
#include <system_error>

namespace headway::exec {

using connect::Address;

namespace {

constexpr std::size_t longest_interface = 15;  // IFNAMSIZ with its NUL is 16

void check(const ClientOptions& options) {
  const std::string& local = options.local_address;
  require(local.empty() || Address::of_literal(local, 0), "local_address \"" + local + "\" is no IP address");
  const std::string& interface = options.interface;
  require(interface.size() <= longest_interface &&
              interface.find_first_of(std::string("/ \t\n\0", 5)) == interface.npos,
          "interface \"" + interface + "\" is no interface's name");
  const std::string& path = options.unix_socket;
  if (path.empty()) return;
  require(path.size() <= Address::longest_path, "unix_socket is longer than 107 bytes: " + path);
  require(Address::of_path(path).has_value(), "unix_socket has a NUL");
  require(options.resolve.empty(), "unix_socket excludes resolve");
  require(local.empty(), "unix_socket excludes local_address");
  require(interface.empty(), "unix_socket excludes interface");
}

void require_address(const std::string& name, const std::string& text) {
  require(Address::of_literal(text, 0).has_value(), name + ": \"" + text + "\" is no IP address");
}

/// "host:port"
HttpRoute parse_origin(const std::string& text) {
  const std::string name = "resolve[\"" + text + "\"]";
  const std::size_t colon = text.rfind(':');
  require(colon != text.npos, name + " must be host:port");
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  require(error == std::errc() && stop == end && port != 0, name + " must have a port of 1 to 65535");
  const std::string host = text.substr(0, colon);
  const bool bare = host.find(':') != host.npos && !host.starts_with('[');
  require(!bare, name + " must have brackets around an IPv6 address");
  try {
    return HttpRoute("http", host, port);
  } catch (const std::system_error&) {
    throw std::system_error(make_error_code(Error::invalid_option), name + " must name a host");
  }
}

}  // namespace

ClientRoutes::ClientRoutes(const ClientOptions& options, std::string tls_identity)
    : tls_identity_(std::move(tls_identity)) {
  check(options);
  const RouteVia via{.local_address = options.local_address,
                     .interface = options.interface,
                     .unix_socket = options.unix_socket};
  usual_ = make_vias(via);
  for (const auto& [key, addresses] : options.resolve) override_addresses(key, addresses);
}

void ClientRoutes::override_addresses(const std::string& key, const std::vector<std::string>& addresses) {
  const HttpRoute origin = parse_origin(key);
  const std::string name = "resolve[\"" + key + "\"]";
  require(!addresses.empty() && addresses.size() <= connect::Names::most_addresses,
          name + " must have 1 to 16 addresses");
  for (const std::string& address : addresses) require_address(name, address);
  RouteVia via = usual(HttpRoute::Scheme::http);
  via.addresses = addresses;
  overridden_[origin.host()][origin.port()] = make_vias(via);
}

ClientRoutes::Vias ClientRoutes::make_vias(const RouteVia& via) const {
  const auto share = [](const RouteVia& each) {
    return each == RouteVia{} ? nullptr : std::make_shared<const RouteVia>(each);
  };
  RouteVia secure = via;
  secure.tls_identity = tls_identity_;
  return {share(via), share(secure)};
}

RouteVia ClientRoutes::usual(HttpRoute::Scheme scheme) const {
  const auto& via = usual_.of(scheme);
  return via ? *via : RouteVia{};
}

const std::shared_ptr<const RouteVia>& ClientRoutes::via(const HttpRoute& origin) const {
  const auto& usual = usual_.of(origin.scheme());
  if (overridden_.empty()) return usual;
  const auto host = overridden_.find(origin.host());
  if (host == overridden_.end()) return usual;
  const auto port = host->second.find(origin.port());
  return port == host->second.end() ? usual : port->second.of(origin.scheme());
}

}  // namespace headway::exec
