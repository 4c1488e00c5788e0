// SPDX-License-Identifier: BSL-1.0
#pragma once

// A scriptable HTTP server on 127.0.0.1, for tests over real sockets: whatever a server may do to a client, a
// handler can say. Owned by the test. It has a thread that accepts, and one per connection that runs the
// test's handler.

#include <headway/testing/peer.hpp>
#include <headway/testing/received_request.hpp>
#include <headway/testing/response.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway::testing {

/// Runs once per accepted connection, on that connection's thread, so several may run at once; the connection
/// is closed when it returns. What it refers to must outlive the server. An exception that leaves it ends its
/// connection and is kept for LoopbackServer::handler_errors.
using Handler = std::function<void(Peer&)>;
/// From a request to the bytes of the whole response.
using Responder = std::function<std::string(const ReceivedRequest&)>;

/// Answers request after request until either side says `Connection: close` or the client closes.
Handler keep_alive(Responder responder);
/// The first handler serves the first connection, the second the next, the last one all others. Empty ones
/// are not allowed, nor is an empty list: std::invalid_argument.
Handler in_turn(std::vector<Handler> handlers);

/// All members may be called on any thread but the handlers'; waiting ends with false after `patience`.
class LoopbackServer {
 public:
  /// Listens on a free port at once. Throws std::system_error.
  explicit LoopbackServer(Handler handler);
  /// Wakes handlers wherever they wait in their Peer, and joins every thread.
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const noexcept;
  /// "http://127.0.0.1:4711/target"; `target` begins with a slash.
  std::string url(std::string_view target = "/") const;

  /// From now on connecting is refused; connections that were accepted stay. The port stays this server's.
  void stop_listening();
  /// Throws std::system_error.
  void listen_again();

  int connections_accepted() const noexcept;
  int connections_open() const noexcept;
  /// How many have been open at once.
  int peak_open() const noexcept;
  /// Requests whose head was read.
  int requests_received() const noexcept;
  /// What() of every exception that left a handler, in order: in most tests this should be empty.
  std::vector<std::string> handler_errors() const;

  /// Each waits until the server has seen that many in all.
  [[nodiscard]] bool wait_for_connections(int count);
  [[nodiscard]] bool wait_for_closed_connections(int count);
  [[nodiscard]] bool wait_for_requests(int count);
  /// `predicate` is looked at whenever one of the counters has changed. It must not call the members above
  /// that wait.
  [[nodiscard]] bool wait_until(const std::function<bool()>& predicate);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headway::testing
