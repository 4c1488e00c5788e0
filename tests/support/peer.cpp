// SPDX-License-Identifier: BSL-1.0
#include "tests/support/peer.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace headway::testing {

Peer::Peer(Descriptor socket, int index, Activity& activity, std::stop_token stop, int stop_signal)
    : socket_(std::move(socket)),
      index_(index),
      activity_(activity),
      stop_(std::move(stop)),
      stop_signal_(stop_signal) {
  int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Peer::~Peer() { close(); }

void Peer::wait_ready(short events) {
  if (!socket_) throw std::logic_error("the handler uses a connection that it has closed");
  std::array<pollfd, 2> watched{{{socket_.get(), events, 0}, {stop_signal_, POLLIN, 0}}};
  int ready = 0;
  do {
    ready = ::poll(watched.data(), watched.size(), std::chrono::milliseconds(patience).count());
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) throw std::runtime_error("the client neither sent nor read for too long");
  if (watched[1].revents != 0) throw ServerStopping{};
}

bool Peer::fill() {
  wait_ready(POLLIN);
  std::array<char, 65536> buffer;
  ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n <= 0) return n < 0 && (errno == EAGAIN || errno == EINTR);
  pending_.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

std::string Peer::take(std::size_t size) {
  std::string taken = pending_.substr(0, size);
  pending_.erase(0, size);
  return taken;
}

std::optional<ReceivedRequest> Peer::read_head() {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (fill()) continue;
    if (pending_.empty()) return std::nullopt;
    throw std::runtime_error("the client closed inside a request's head");
  }
  ReceivedRequest request = parse_request_head(take(end + 4));
  activity_.count_request();
  return request;
}

void Peer::read_body(ReceivedRequest& request) {
  auto more = [this] {
    if (!fill()) throw std::runtime_error("the client closed inside a request's body");
  };
  if (request.header("Transfer-Encoding") == "chunked") {
    ChunkedDecoder decoder;
    while (!decoder.advance(pending_)) more();
    request.raw += take(decoder.consumed());
    request.body = decoder.body();
  } else {
    std::size_t length = content_length(request);
    while (pending_.size() < length) more();
    request.body = take(length);
    request.raw += request.body;
  }
}

std::optional<ReceivedRequest> Peer::read_request() {
  std::optional<ReceivedRequest> request = read_head();
  if (request) read_body(*request);
  return request;
}

std::string Peer::read_some() {
  while (pending_.empty())
    if (!fill()) return {};
  return std::exchange(pending_, {});
}

bool Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_ready(POLLOUT);
    ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool Peer::write_byte_by_byte(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (!write(bytes.substr(i, 1))) return false;
  return true;
}

bool Peer::client_has_closed() {
  char byte = 0;
  const ssize_t n = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

void Peer::half_close() { ::shutdown(socket_.get(), SHUT_WR); }

void Peer::close() {
  if (!socket_) return;
  socket_.reset();
  activity_.count_closed();
}

void Peer::reset() {
  linger abort{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  close();
}

void Peer::wait_for_eof() {
  while (fill()) pending_.clear();
}

void Peer::wait_for(Gate& gate) {
  if (gate.wait(stop_)) return;
  if (stop_.stop_requested()) throw ServerStopping{};
  throw std::runtime_error("the gate was never opened");
}

}  // namespace headway::testing
