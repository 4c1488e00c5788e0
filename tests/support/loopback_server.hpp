// SPDX-License-Identifier: BSL-1.0
#pragma once

// A scriptable HTTP server on 127.0.0.1: a thread that accepts, and one thread per connection that runs the
// test's handler. All members may be called on any thread but the handlers'; the destructor wakes and joins
// every thread.

#include "tests/support/peer.hpp"
#include "tests/support/reserved_port.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace headway::testing {

/// Runs once per accepted connection, on that connection's thread; the connection is closed when it returns.
/// What it refers to must outlive the server.
using Handler = std::function<void(Peer&)>;
/// From a request to the bytes of the whole response.
using Responder = std::function<std::string(const ReceivedRequest&)>;

/// Answers request after request until either side says `Connection: close` or the client closes.
Handler keep_alive(Responder responder);

/// A complete response with Content-Length. `fields`: further header lines, each with its CRLF.
std::string response(int status, std::string_view body, std::string_view fields = {});

class LoopbackServer {
 public:
  /// Listens on a free port at once. Throws std::system_error.
  explicit LoopbackServer(Handler handler);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const noexcept { return port_.number(); }
  std::string url(std::string_view target = "/") const;

  /// From now on connecting is refused; connections that were accepted stay. The port stays this server's.
  void stop_listening();
  void listen_again();

  int connections_accepted() const noexcept { return activity_.accepted(); }
  int connections_open() const noexcept { return activity_.open(); }
  int peak_open() const noexcept { return activity_.peak_open(); }
  int requests_received() const noexcept { return activity_.requests(); }
  /// What() of every exception that left a handler, in order: in most tests this should be empty.
  std::vector<std::string> handler_errors() const;

  /// Each waits until the server has seen that many in all; false if patience runs out first.
  [[nodiscard]] bool wait_for_connections(int count);
  [[nodiscard]] bool wait_for_closed_connections(int count);
  [[nodiscard]] bool wait_for_requests(int count);
  /// `predicate` is looked at whenever one of the counters has changed.
  [[nodiscard]] bool wait_until(const std::function<bool()>& predicate) {
    return activity_.wait_until(predicate);
  }

 private:
  struct Connection {
    std::atomic<bool> finished = false;
    std::thread thread;
  };

  void accept_connections(Descriptor listener, int stop_accepting);
  void start_connection(Descriptor socket);
  void serve(Descriptor socket, int index, Connection& connection);
  void join_finished();

  Handler handler_;
  ReservedPort port_;
  Activity activity_;
  std::stop_source stop_;
  Descriptor stop_signal_;
  mutable std::mutex mutex_;  ///< guards connections_ and errors_
  std::list<Connection> connections_;
  std::vector<std::string> errors_;
  Descriptor stop_accepting_;
  std::thread acceptor_;
};

}  // namespace headway::testing
