// SPDX-License-Identifier: BSL-1.0
#include "src/testing/loopback_socket.hpp"
#include "src/testing/request_parser.hpp"
#include "src/testing/server_state.hpp"

#include <headway/testing/loopback_server.hpp>
#include <headway/testing/reserved_port.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace headway::testing {
namespace {

Descriptor new_signal() {
  Descriptor signal(::eventfd(0, EFD_CLOEXEC));
  if (!signal) throw_errno("eventfd");
  return signal;
}

void raise(const Descriptor& signal) { ::eventfd_write(signal.get(), 1); }

}  // namespace

Handler keep_alive(Responder responder) {
  return [responder = std::move(responder)](Peer& peer) {
    while (auto request = peer.read_request()) {
      const std::string answer = responder(*request);
      if (!peer.write(answer) || says_close(answer) || says_close(request->raw)) return;
    }
  };
}

Handler in_turn(std::vector<Handler> handlers) {
  if (handlers.empty() || std::ranges::any_of(handlers, [](const Handler& each) { return !each; }))
    throw std::invalid_argument("in_turn: a handler is missing");
  return [handlers = std::move(handlers)](Peer& peer) {
    handlers[std::min(static_cast<std::size_t>(peer.index()), handlers.size() - 1)](peer);
  };
}

class LoopbackServer::Impl {
 public:
  explicit Impl(Handler handler) : handler_(std::move(handler)) {
    state_.stop_signal = new_signal();
    listen();
  }
  ~Impl() {
    stop_listening();
    state_.stop.request_stop();
    raise(state_.stop_signal);
    for (Connection& connection : connections_) connection.thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void listen();
  void stop_listening();
  std::uint16_t port() const noexcept { return port_.number(); }
  Activity& activity() noexcept { return state_.activity; }
  std::vector<std::string> errors() const {
    std::lock_guard lock(mutex_);
    return errors_;
  }

 private:
  struct Connection {
    std::atomic<bool> finished = false;
    std::thread thread;
  };

  void accept_connections(const Descriptor& listener, int stop_accepting);
  void start_connection(Descriptor socket);
  void serve(Descriptor socket, int index);
  void join_finished();
  void record(const char* what) {
    std::lock_guard lock(mutex_);
    errors_.emplace_back(what);
  }

  Handler handler_;
  ReservedPort port_;
  ServerState state_;
  mutable std::mutex mutex_;  ///< guards errors_
  std::vector<std::string> errors_;
  std::list<Connection> connections_;  // the accepting thread's, or nobody's while there is none
  Descriptor stop_accepting_;
  std::thread acceptor_;
};

void LoopbackServer::Impl::stop_listening() {
  if (!acceptor_.joinable()) return;
  raise(stop_accepting_);
  acceptor_.join();
}

void LoopbackServer::Impl::listen() {
  if (acceptor_.joinable()) return;
  Descriptor listener = bound_socket(port());
  if (::listen(listener.get(), SOMAXCONN) != 0) throw_errno("listen");
  stop_accepting_ = new_signal();
  acceptor_ = std::thread(
      [this, listener = std::move(listener)] { accept_connections(listener, stop_accepting_.get()); });
}

void LoopbackServer::Impl::accept_connections(const Descriptor& listener, int stop_accepting) {
  std::array<pollfd, 2> watched{{{listener.get(), POLLIN, 0}, {stop_accepting, POLLIN, 0}}};
  for (;;) {
    ::poll(watched.data(), watched.size(), -1);
    if (watched[1].revents != 0) return;
    if (watched[0].revents == 0) continue;
    Descriptor socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket) start_connection(std::move(socket));
  }
}

void LoopbackServer::Impl::start_connection(Descriptor socket) {
  join_finished();
  const int index = activity().accepted();
  activity().count_accepted();
  Connection& connection = connections_.emplace_back();
  connection.thread = std::thread([this, index, &connection, socket = std::move(socket)]() mutable {
    serve(std::move(socket), index);
    connection.finished = true;
  });
}

void LoopbackServer::Impl::serve(Descriptor socket, int index) {
  Peer peer(socket.release(), index, state_);
  try {
    handler_(peer);
  } catch (const ServerStopping&) {
  } catch (const std::exception& error) {
    record(error.what());
  } catch (...) {
    record("something that is no std::exception");
  }
}

void LoopbackServer::Impl::join_finished() {
  connections_.remove_if([](Connection& connection) {
    if (!connection.finished) return false;
    connection.thread.join();
    return true;
  });
}

LoopbackServer::LoopbackServer(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
LoopbackServer::~LoopbackServer() = default;

std::uint16_t LoopbackServer::port() const noexcept { return impl_->port(); }
std::string LoopbackServer::url(std::string_view target) const {
  return "http://127.0.0.1:" + std::to_string(port()) + std::string(target);
}

void LoopbackServer::stop_listening() { impl_->stop_listening(); }
void LoopbackServer::listen_again() { impl_->listen(); }

int LoopbackServer::connections_accepted() const noexcept { return impl_->activity().accepted(); }
int LoopbackServer::connections_open() const noexcept { return impl_->activity().open(); }
int LoopbackServer::peak_open() const noexcept { return impl_->activity().peak_open(); }
int LoopbackServer::requests_received() const noexcept { return impl_->activity().requests(); }
std::vector<std::string> LoopbackServer::handler_errors() const { return impl_->errors(); }

bool LoopbackServer::wait_until(const std::function<bool()>& predicate) {
  return impl_->activity().wait_until(predicate);
}
bool LoopbackServer::wait_for_connections(int count) {
  return wait_until([&] { return connections_accepted() >= count; });
}
bool LoopbackServer::wait_for_closed_connections(int count) {
  return wait_until([&] { return impl_->activity().closed() >= count; });
}
bool LoopbackServer::wait_for_requests(int count) {
  return wait_until([&] { return requests_received() >= count; });
}

}  // namespace headway::testing
