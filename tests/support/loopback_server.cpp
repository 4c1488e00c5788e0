// SPDX-License-Identifier: BSL-1.0
#include "tests/support/loopback_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <exception>
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
      std::string answer = responder(*request);
      if (!peer.write(answer)) return;
      std::string_view head = std::string_view(answer).substr(0, answer.find("\r\n\r\n"));
      if (head.find("\r\nConnection: close") != std::string_view::npos) return;
      if (request->header("Connection") == "close") return;
    }
  };
}

std::string response(int status, std::string_view body, std::string_view fields) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Test\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append(fields).append("\r\n").append(body);
}

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)), stop_signal_(new_signal()) {
  listen_again();
}

LoopbackServer::~LoopbackServer() {
  stop_listening();
  stop_.request_stop();
  raise(stop_signal_);
  for (Connection& connection : connections_) connection.thread.join();
}

std::string LoopbackServer::url(std::string_view target) const {
  return "http://127.0.0.1:" + std::to_string(port()) + std::string(target);
}

void LoopbackServer::stop_listening() {
  if (!acceptor_.joinable()) return;
  raise(stop_accepting_);
  acceptor_.join();
}

void LoopbackServer::listen_again() {
  if (acceptor_.joinable()) return;
  Descriptor listener = bound_socket(port());
  if (::listen(listener.get(), SOMAXCONN) != 0) throw_errno("listen");
  stop_accepting_ = new_signal();
  acceptor_ = std::thread([this, listener = std::move(listener)]() mutable {
    accept_connections(std::move(listener), stop_accepting_.get());
  });
}

void LoopbackServer::accept_connections(Descriptor listener, int stop_accepting) {
  std::array<pollfd, 2> watched{{{listener.get(), POLLIN, 0}, {stop_accepting, POLLIN, 0}}};
  for (;;) {
    ::poll(watched.data(), watched.size(), -1);
    if (watched[1].revents != 0) return;
    if (watched[0].revents == 0) continue;
    Descriptor socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket) start_connection(std::move(socket));
  }
}

void LoopbackServer::start_connection(Descriptor socket) {
  join_finished();
  int index = activity_.accepted();
  activity_.count_accepted();
  std::lock_guard lock(mutex_);
  Connection& connection = connections_.emplace_back();
  connection.thread = std::thread([this, index, &connection, socket = std::move(socket)]() mutable {
    serve(std::move(socket), index, connection);
  });
}

void LoopbackServer::serve(Descriptor socket, int index, Connection& connection) {
  {
    Peer peer(std::move(socket), index, activity_, stop_.get_token(), stop_signal_.get());
    try {
      handler_(peer);
    } catch (const ServerStopping&) {
    } catch (const std::exception& error) {
      std::lock_guard lock(mutex_);
      errors_.emplace_back(error.what());
    }
  }
  connection.finished = true;
}

void LoopbackServer::join_finished() {
  std::lock_guard lock(mutex_);
  connections_.remove_if([](Connection& connection) {
    if (!connection.finished) return false;
    connection.thread.join();
    return true;
  });
}

std::vector<std::string> LoopbackServer::handler_errors() const {
  std::lock_guard lock(mutex_);
  return errors_;
}

bool LoopbackServer::wait_for_connections(int count) {
  return wait_until([&] { return activity_.accepted() >= count; });
}

bool LoopbackServer::wait_for_closed_connections(int count) {
  return wait_until([&] { return activity_.closed() >= count; });
}

bool LoopbackServer::wait_for_requests(int count) {
  return wait_until([&] { return activity_.requests() >= count; });
}

}  // namespace headway::testing
