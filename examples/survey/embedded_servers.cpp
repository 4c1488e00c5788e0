// SPDX-License-Identifier: BSL-1.0
#include "survey/embedded_servers.hpp"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace survey {
namespace {

using namespace std::chrono_literals;
using Clock = EmbeddedConnection::Clock;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void listen_on_free_port(int socket) {
  sockaddr_in address = loopback();
  if (socket < 0) fail("socket");
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(socket, SOMAXCONN) != 0) fail("listen");
}

std::uint16_t local_port(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
  return ntohs(address.sin_port);
}

}  // namespace

EmbeddedServers::EmbeddedServers()
    : servers_{
          {{{.name = "keeps connections", .idle_limit = 60s, .fields = "Keep-Alive: timeout=60\r\n"}},
           {{.name = "keeps them for a second", .idle_limit = 1s, .fields = "Keep-Alive: timeout=1\r\n"}},
           {{.name = "closes after five", .idle_limit = 60s, .requests = 5}}}} {
  try {
    for (Server& server : servers_) {
      server.listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      listen_on_free_port(server.listener);
      server.port = local_port(server.listener);
    }
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    if (wake_ < 0) fail("eventfd");
    thread_ = std::thread([this] { run(); });
  } catch (...) {
    release();
    throw;
  }
}

EmbeddedServers::~EmbeddedServers() {
  ::eventfd_write(wake_, 1);
  thread_.join();
  release();
}

void EmbeddedServers::release() noexcept {
  for (Server& server : servers_)
    if (server.listener >= 0) ::close(server.listener);
  if (wake_ >= 0) ::close(wake_);
}

std::vector<std::string> EmbeddedServers::urls() const {
  std::vector<std::string> urls;
  for (const Server& server : servers_)
    urls.push_back("http://127.0.0.1:" + std::to_string(server.port) + "/");
  return urls;
}

std::vector<Endpoint> EmbeddedServers::endpoints() const {
  std::vector<Endpoint> endpoints;
  for (const Server& server : servers_) endpoints.push_back(ipv4_endpoint({127, 0, 0, 1}, server.port));
  return endpoints;
}

void EmbeddedServers::run() {
  for (;;) {
    std::vector<pollfd> watched = wanted();
    if (::poll(watched.data(), watched.size(), milliseconds_to_deadline()) < 0) continue;
    if (watched[0].revents != 0) return;
    proceed(watched);
    for (std::size_t i = 0; i < count; ++i)
      if (watched[i + 1].revents != 0) accept_from(servers_[i]);
    auto now = Clock::now();
    std::size_t ended = std::erase_if(connections_, [&](const EmbeddedConnection& connection) {
      return connection.next() == EmbeddedConnection::Next::close || connection.deadline() <= now;
    });
    if (ended > 0) room_ = Room::free;
  }
}

// The wake-up, the listeners, the connections, in this order. Listeners that have no descriptor left to
// accept with would make poll(2) return for ever, so they are left out until a connection has ended.
std::vector<pollfd> EmbeddedServers::wanted() const {
  std::vector<pollfd> watched{{wake_, POLLIN, 0}};
  for (const Server& server : servers_)
    watched.push_back({room_ == Room::free ? server.listener : -1, POLLIN, 0});
  for (const EmbeddedConnection& connection : connections_) {
    bool writing = connection.next() == EmbeddedConnection::Next::write;
    watched.push_back({connection.socket(), static_cast<short>(writing ? POLLOUT : POLLIN), 0});
  }
  return watched;
}

int EmbeddedServers::milliseconds_to_deadline() const {
  if (connections_.empty()) return -1;
  auto first = std::min_element(connections_.begin(), connections_.end(),
                                [](const auto& a, const auto& b) { return a.deadline() < b.deadline(); });
  auto left = std::chrono::ceil<std::chrono::milliseconds>(first->deadline() - Clock::now());
  return static_cast<int>(std::max(left, 0ms).count());
}

void EmbeddedServers::proceed(const std::vector<pollfd>& ready) {
  for (std::size_t i = 0; i < connections_.size(); ++i)
    if (ready[i + 1 + count].revents != 0) connections_[i].proceed();
}

void EmbeddedServers::accept_from(const Server& server) {
  for (;;) {
    int socket = ::accept4(server.listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      connections_.emplace_back(socket, server.temper);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE) room_ = Room::full;
    if (errno != EINTR && errno != ECONNABORTED) return;
  }
}

}  // namespace survey
