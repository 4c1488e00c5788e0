// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tcp_connector.hpp"

#include "src/connect/plain_transport.hpp"
#include "src/connect/tls_connector.hpp"

#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <cerrno>

namespace headway::connect {

using detail::Op;
using detail::Socket;
using detail::SocketWant;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

std::error_code error_of(int system_error) {
  return system_error == ECONNREFUSED ? Error::connection_refused : Error::connect_failed;
}

Dialled failure(std::error_code error, std::string detail) {
  Dialled failed;
  failed.error = error;
  failed.detail = std::move(detail);
  return failed;
}

Dialled failure(const Address& address, int system_error) {
  return failure(error_of(system_error),
                 address.str() + ": " + std::error_code(system_error, std::system_category()).message());
}

/// What this connector cannot do, named; empty for a route that it can.
Dialled unsupported(const HttpRoute& route) {
  if (!route.via().proxies.empty()) return failure(Error::invalid_option, "route: proxies");
  if (!route.via().unix_socket.empty()) return failure(Error::invalid_option, "route: unix_socket");
  const std::string& local = route.via().local_address;
  if (!local.empty() && !Address::of_literal(local, 0)) {
    return failure(Error::invalid_option, "route: local_address \"" + local + '"');
  }
  return {};
}

/// Errno, or 0.
int bind_local(const Socket& socket, const std::string& local) {
  const std::optional<Address> address = Address::of_literal(local, 0);
  if (!address) return EINVAL;
  const int on = 1;
  // The port is chosen at connect(2) then, when the peer is known: far more connections fit.
  ::setsockopt(socket.descriptor(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  return ::bind(socket.descriptor(), address->data(), address->size) == 0 ? 0 : errno;
}

void set_options(const Socket& socket) {
  const int on = 1;
  ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Connecting must not block, everything after it may: the waiter decides call by call.
bool set_blocking(const Socket& socket, bool blocking) {
  int off = blocking ? 0 : 1;
  return ::ioctl(socket.descriptor(), FIONBIO, &off) == 0;
}

int socket_error(const Socket& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// A wait may end too early, on an event of a socket that had the same number: no error is no connection yet.
bool has_peer(const Socket& socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  return ::getpeername(socket.descriptor(), reinterpret_cast<sockaddr*>(&peer), &size) == 0 ||
         errno != ENOTCONN;
}

}  // namespace

Op<Dialled> TcpConnector::connect(HttpRoute route, DialTimeouts timeouts) {
  Waiter& waiter = co_await this_waiter;
  Dialled result = unsupported(route);
  if (result.error) co_return result;
  const TimePoint deadline = after(waiter.now(), timeouts.connect);
  std::vector<Address> addresses;
  result = co_await resolve(route, deadline, addresses);
  std::string tried;
  bool all_refused = true;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const TimePoint now = waiter.now();
    const auto left = static_cast<std::int64_t>(addresses.size() - i);
    const TimePoint share = deadline == never ? never : now + (deadline - now) / left;
    result = co_await connect_to(addresses[i], route, share);
    if (!result.error) co_return result;
    all_refused = all_refused && result.error == Error::connection_refused;
    tried += (tried.empty() ? "" : "; ") + result.detail;
  }
  if (addresses.size() > 1 && !all_refused && result.error != Error::connect_timeout)
    result.error = Error::connect_failed;
  if (!addresses.empty()) result.detail = tried;
  co_return result;
}

Op<Dialled> TcpConnector::resolve(const HttpRoute& route, TimePoint deadline,
                                  std::vector<Address>& addresses) {
  if (const std::optional<Address> literal = Address::of_literal(route.host(), route.port())) {
    addresses.push_back(*literal);
    co_return Dialled();
  }
  const auto lookup = std::make_shared<Lookup>();
  resolver_->resolve(route.host(), route.port(), lookup);
  Want want;
  want.signals[0] = &lookup->done;
  want.deadline = deadline;
  want.phase = Phase::connect;
  co_await want;
  if (!lookup->done.is_set()) co_return failure(Error::connect_timeout, "look-up of " + route.host());
  if (lookup->error()) co_return failure(lookup->error(), "look-up of " + route.host());
  addresses = lookup->addresses();
  co_return Dialled();
}

Op<Dialled> TcpConnector::connect_to(const Address& address, const HttpRoute& route, TimePoint deadline) {
  Socket socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open() || !set_blocking(socket, false)) co_return failure(address, errno);
  set_options(socket);
  const std::string& local = route.via().local_address;
  if (!local.empty()) {
    if (const int error = bind_local(socket, local)) {
      Dialled failed = failure(address, error);
      failed.detail =
          "local address " + local + ": " + std::error_code(error, std::system_category()).message();
      co_return failed;
    }
  }
  if (::connect(socket.descriptor(), address.data(), address.size) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) co_return failure(address, errno);
    do {
      SocketWant wanted{&socket, false, true};
      Want want;
      want.sockets = {&wanted, 1};
      want.deadline = deadline;
      want.phase = Phase::connect;
      co_await want;
      if (want.timed_out) co_return failure(Error::connect_timeout, address.str() + ": no answer");
      if (const int error = socket_error(socket)) co_return failure(address, error);
    } while (!has_peer(socket));
  }
  if (!set_blocking(socket, true)) co_return failure(address, errno);
  Dialled done;
  done.transport = std::make_unique<PlainTransport>(std::move(socket));
  co_return done;
}

std::shared_ptr<Connector> default_connector() {
  static const auto shared =
      std::make_shared<TlsConnector>(std::make_shared<TcpConnector>(std::make_shared<SystemResolver>()));
  return shared;
}

}  // namespace headway::connect
