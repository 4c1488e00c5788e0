// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tcp_connector.hpp"

#include "src/connect/plain_transport.hpp"
#include "src/connect/proxy_connector.hpp"
#include "src/connect/race.hpp"
#include "src/connect/tls_connector.hpp"

#include <cerrno>
#include <utility>

namespace headway::connect {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// No event tells when a Unix socket's queue has room again.
constexpr Duration busy_pause = std::chrono::milliseconds(5);

Dialled wrong(const std::string& what) { return Dialled::failure(Error::invalid_option, "route: " + what); }

/// What this connector cannot do, named; empty for a route that it can.
Dialled unsupported(const HttpRoute& route) {
  const RouteVia& via = route.via();
  if (!via.proxies.empty()) return wrong("proxies");
  if (!via.local_address.empty() && !Address::of_literal(via.local_address, 0))
    return wrong("local_address \"" + via.local_address + '"');
  for (const std::string& address : via.addresses) {
    if (!Address::of_literal(address, 0)) return wrong("addresses \"" + address + '"');
  }
  if (via.addresses.size() > Names::most_addresses) return wrong("addresses: more than 16");
  if (!via.unix_socket.empty() && !Address::of_path(via.unix_socket))
    return wrong("unix_socket is longer than 107 bytes or has a NUL");
  return {};
}

/// Those of a route that brings its own.
std::vector<Address> given_addresses(const HttpRoute& route) {
  std::vector<Address> addresses;
  for (const std::string& text : route.via().addresses)
    addresses.push_back(Address::of_literal(text, route.port()).value());
  return addresses;
}

}  // namespace

Op<Dialled> TcpConnector::connect(HttpRoute route, DialTimeouts timeouts) {
  Waiter& waiter = co_await this_waiter;
  Dialled result = unsupported(route);
  if (result.error) co_return result;
  const TimePoint deadline = after(waiter.now(), timeouts.connect);
  const AttemptSettings settings{.route = route, .options = options_};
  if (!route.via().unix_socket.empty()) {
    result = co_await connect_to_path(settings, deadline);
  } else if (!route.via().addresses.empty()) {
    std::vector<Address> addresses = given_addresses(route);
    result = co_await connect_to_any(std::move(addresses), settings, deadline);
  } else if (const std::optional<Address> literal = Address::of_literal(route.host(), route.port())) {
    result = co_await connect_to_one(*literal, settings, deadline);
  } else {
    result = co_await connect_to_name(settings, deadline);
  }
  co_return result;
}

Op<Dialled> TcpConnector::connect_to_one(const Address& address, const AttemptSettings& settings,
                                         TimePoint deadline) {
  Race race({&address, 1}, settings);
  co_return co_await race.run(deadline);
}

Op<Dialled> TcpConnector::connect_to_name(const AttemptSettings& settings, TimePoint deadline) {
  const HttpRoute& route = settings.route;
  const std::shared_ptr<const Answer> answer = co_await names_->find(route.host(), deadline);
  if (answer->error) co_return Dialled::failure(answer->error, describe_failure(route.host(), *answer));
  std::vector<Address> addresses = answer->addresses;
  for (Address& address : addresses) address.set_port(route.port());
  co_return co_await connect_to_any(std::move(addresses), settings, deadline);
}

Op<Dialled> TcpConnector::connect_to_any(std::vector<Address> addresses, const AttemptSettings& settings,
                                         TimePoint deadline) {
  Waiter& waiter = co_await this_waiter;
  const std::string& local = settings.route.via().local_address;
  if (!local.empty()) {
    const int family = Address::of_literal(local, 0)->family();
    std::erase_if(addresses, [&](const Address& address) { return address.family() != family; });
    if (addresses.empty()) {
      co_return Dialled::failure(Error::connect_failed,
                                 "the host has no address of local address " + local + "'s family");
    }
  }
  addresses = interleave(addresses);
  failed_.put_last(addresses, waiter.now());
  Race race(addresses, settings);
  Dialled result = co_await race.run(deadline);
  if (addresses.size() == 1) co_return result;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (race.has_lost(i)) failed_.note(addresses[i], waiter.now());
  }
  if (race.winner()) failed_.forget(addresses[*race.winner()]);
  co_return result;
}

Op<Dialled> TcpConnector::connect_to_path(const AttemptSettings& settings, TimePoint deadline) {
  Waiter& waiter = co_await this_waiter;
  const Address address = Address::of_path(settings.route.via().unix_socket).value();
  for (;;) {
    Attempt attempt;
    const Attempt::State state = attempt.begin(address, settings);
    if (state == Attempt::State::connected) {
      Dialled dialled;
      dialled.transport = std::make_unique<PlainTransport>(std::move(attempt.socket()));
      co_return dialled;
    }
    if (state == Attempt::State::failed) {
      const auto error = attempt.error() == ECONNREFUSED ? Error::connection_refused : Error::connect_failed;
      co_return Dialled::failure(error, attempt.account(address));
    }
    if (waiter.now() >= deadline)
      co_return Dialled::failure(Error::connect_timeout, address.str() + ": no answer");
    Want want;
    want.deadline = std::min(deadline, after(waiter.now(), busy_pause));
    want.phase = Phase::connect;
    co_await want;
  }
}

std::shared_ptr<Connector> make_connector(const DialOptions& options, const Clock& clock) {
  const std::shared_ptr<Names> names = make_names(options, clock);
  const auto tcp = std::make_shared<TcpConnector>(options, names);
  return std::make_shared<TlsConnector>(std::make_shared<ProxyConnector>(tcp, names));
}

}  // namespace headway::connect
