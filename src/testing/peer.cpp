// SPDX-License-Identifier: BSL-1.0
#include "src/testing/request_parser.hpp"
#include "src/testing/server_state.hpp"

#include <headway/testing/patience.hpp>
#include <headway/testing/peer.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace headway::testing {

Peer::Peer(int socket, int index, ServerState& server) : socket_(socket), index_(index), server_(server) {
  int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Peer::~Peer() { close(); }

void Peer::wait_ready(short events) {
  if (socket_ < 0) throw std::logic_error("the handler uses a connection that it has closed");
  std::array<pollfd, 2> watched{{{socket_, events, 0}, {server_.stop_signal.get(), POLLIN, 0}}};
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
  ssize_t n = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
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
  server_.activity.count_request();
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
    ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool Peer::write_split(std::string_view bytes, std::size_t at) {
  return write(bytes.substr(0, at)) && write(bytes.substr(std::min(at, bytes.size())));
}

bool Peer::write_byte_by_byte(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (!write(bytes.substr(i, 1))) return false;
  return true;
}

bool Peer::client_has_closed() {
  char byte = 0;
  const ssize_t n = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

void Peer::half_close() { ::shutdown(socket_, SHUT_WR); }

void Peer::close() {
  if (socket_ < 0) return;
  Descriptor(std::exchange(socket_, -1)).reset();
  server_.activity.count_closed();
}

void Peer::reset() {
  linger abort{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  close();
}

void Peer::wait_for_eof() {
  while (fill()) pending_.clear();
}

void Peer::stall() { wait_ready(POLLRDHUP); }

void Peer::wait_for(Gate& gate) {
  const std::stop_token stop = server_.stop.get_token();
  if (gate.wait(stop)) return;
  if (stop.stop_requested()) throw ServerStopping{};
  throw std::runtime_error("the gate was never opened");
}

}  // namespace headway::testing
