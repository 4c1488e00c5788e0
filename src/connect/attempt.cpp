// SPDX-License-Identifier: BSL-1.0
#include "src/connect/attempt.hpp"

#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <chrono>
#include <system_error>

namespace headway::connect {

using detail::Socket;

namespace {

int set_option(const Socket& socket, int level, int name, int value) {
  return ::setsockopt(socket.descriptor(), level, name, &value, sizeof value) == 0 ? 0 : errno;
}

/// Whole seconds, as TCP counts them.
int seconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

int set_keep_alive(const Socket& socket, const TcpKeepAlive& keep_alive) {
  int error = set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  if (error == 0) error = set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, seconds(keep_alive.idle));
  if (error == 0) error = set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, seconds(keep_alive.interval));
  if (error == 0) error = set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, keep_alive.probes);
  return error;
}

int bind_to_interface(const Socket& socket, const std::string& name) {
  const auto size = static_cast<socklen_t>(name.size());
  return ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_BINDTODEVICE, name.c_str(), size) == 0 ? 0 : errno;
}

int bind_to_address(const Socket& socket, const std::string& text) {
  const std::optional<Address> address = Address::of_literal(text, 0);
  if (!address) return EINVAL;
  // The port is chosen at connect(2) then, when the peer is known: far more connections fit.
  set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  return ::bind(socket.descriptor(), address->data(), address->size) == 0 ? 0 : errno;
}

int socket_error(const Socket& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

bool has_peer(const Socket& socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  return ::getpeername(socket.descriptor(), reinterpret_cast<sockaddr*>(&peer), &size) == 0;
}

}  // namespace

Attempt::State Attempt::begin(const Address& address, const AttemptSettings& settings) {
  socket_ = Socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_.is_open()) return fail(errno, "socket");
  if (set_up(address, settings) != 0) return state_;
  if (settings.options.on_socket) settings.options.on_socket(socket_.descriptor(), settings.route);
  if (bind(settings.route.via()) != 0) return state_;
  if (::connect(socket_.descriptor(), address.data(), address.size) == 0) return succeed();
  if (errno == EAGAIN && address.family() == AF_UNIX) return state_ = State::busy;
  if (errno != EINPROGRESS && errno != EINTR) return fail(errno);
  return state_ = State::connecting;
}

Attempt::State Attempt::look() {
  if (has_peer(socket_)) return succeed();
  // A wait may end too early, on an event of a socket that had the same number: no error is no connection
  // yet.
  const int error = socket_error(socket_);
  return error == 0 ? state_ : fail(error);
}

std::string Attempt::account(const Address& address) const {
  std::string text = address.str() + ": ";
  if (step_ != nullptr) text += step_;
  if (subject_ != nullptr) text += ' ' + *subject_;
  if (step_ != nullptr) text += ": ";
  return text + std::error_code(error_, std::system_category()).message();
}

/// Errno, or 0.
int Attempt::set_up(const Address& address, const AttemptSettings& settings) {
  if (address.family() == AF_UNIX) return 0;
  set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
  if (!settings.options.tcp_keep_alive) return 0;
  const int error = set_keep_alive(socket_, *settings.options.tcp_keep_alive);
  if (error != 0) fail(error, "tcp_keep_alive");
  return error;
}

/// Errno, or 0.
int Attempt::bind(const RouteVia& via) {
  if (!via.interface.empty()) {
    const int error = bind_to_interface(socket_, via.interface);
    if (error != 0) fail(error, "interface", &via.interface);
    if (error != 0) return error;
  }
  if (via.local_address.empty()) return 0;
  const int error = bind_to_address(socket_, via.local_address);
  if (error != 0) fail(error, "local address", &via.local_address);
  return error;
}

/// Connecting must not block, everything after it may: the waiter decides call by call.
Attempt::State Attempt::succeed() {
  int off = 0;
  if (::ioctl(socket_.descriptor(), FIONBIO, &off) != 0) return fail(errno);
  return state_ = State::connected;
}

Attempt::State Attempt::fail(int error, const char* step, const std::string* subject) {
  socket_.close();
  error_ = error;
  step_ = step;
  subject_ = subject;
  return state_ = State::failed;
}

}  // namespace headway::connect
