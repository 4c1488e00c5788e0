// SPDX-License-Identifier: BSL-1.0
#pragma once

// The server's end of one accepted connection, as a handler of a LoopbackServer scripts it. Owned by the
// server, used by the handler's thread alone, valid until the handler returns.

#include <headway/testing/gate.hpp>
#include <headway/testing/received_request.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headway::testing {

struct ServerState;

/// Thrown out of whatever a handler waits in when its server is destroyed; handlers let it pass.
struct ServerStopping {};

/// Nothing waits longer than `patience`: then it throws std::runtime_error, which the server records. So does
/// a request that is cut off or broken. Using a connection that the handler has closed throws
/// std::logic_error.
class Peer {
 public:
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// 0 for the first connection that the server accepted, 1 for the next.
  int index() const noexcept { return index_; }

  // --- reading

  /// The next request with its body; nothing once the client has closed or reset.
  std::optional<ReceivedRequest> read_request();
  /// The same in two steps, for a handler that answers, closes or stalls before the body has come.
  std::optional<ReceivedRequest> read_head();
  void read_body(ReceivedRequest& request);
  /// Whatever has come, at least one byte; empty once the client has closed or reset.
  std::string read_some();
  /// Reads and drops everything up to the client's FIN or RST.
  void wait_for_eof();

  // --- writing: all return false where the client has gone before it took everything

  /// Any bytes: a response, half of one, two at once, or more than was asked for.
  bool write(std::string_view bytes);
  /// The first `at` bytes and the rest as segments of their own. TCP may still join them on their way to a
  /// client that reads late; ScriptedNetwork's connections never do.
  bool write_split(std::string_view bytes, std::size_t at);
  /// Every byte as a segment of its own, with the same reservation.
  bool write_byte_by_byte(std::string_view bytes);

  // --- ending

  /// Sends FIN and goes on reading.
  void half_close();
  /// Closes at once, wherever the exchange stands, as returning from the handler does. Where the client has
  /// sent what the handler has not read, the system sends RST rather than FIN.
  void close();
  /// Sends RST: the client's reads and writes fail from now on; what it has not read yet may be lost.
  void reset();

  // --- letting the client wait

  /// Until the client gives up: returns once it has closed or reset; what it sends meanwhile stays unread.
  void stall();
  /// Until the test opens the gate.
  void wait_for(Gate& gate);
  /// Whether the client's FIN or RST has come behind what was read, without waiting for it.
  bool client_has_closed();

 private:
  friend class LoopbackServer;
  Peer(int socket, int index, ServerState& server);
  ~Peer();

  void wait_ready(short events);
  bool fill();
  std::string take(std::size_t size);

  int socket_;
  int index_;
  ServerState& server_;
  std::string pending_;
};

}  // namespace headway::testing
