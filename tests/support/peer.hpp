// SPDX-License-Identifier: BSL-1.0
#pragma once

// The server's end of one accepted connection, as a handler scripts it. Belongs to the handler's thread.

#include "tests/support/activity.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/gate.hpp"
#include "tests/support/received_request.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace headway::testing {

/// Thrown out of whatever a handler waits in when its server is destroyed; handlers let it pass.
struct ServerStopping {};

/// Nothing waits longer than `patience`: then it throws std::runtime_error, which the server records.
class Peer {
 public:
  /// `stop_signal` is a descriptor that becomes readable when the server stops.
  Peer(Descriptor socket, int index, Activity& activity, std::stop_token stop, int stop_signal);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// 0 for the first connection that the server accepted, 1 for the next.
  int index() const noexcept { return index_; }

  /// The next request with its body; nothing once the client has closed or reset. Throws std::runtime_error
  /// on a request that is cut off or broken.
  std::optional<ReceivedRequest> read_request();
  /// The same in two steps, for handlers that answer before the body has come.
  std::optional<ReceivedRequest> read_head();
  void read_body(ReceivedRequest& request);
  /// Whatever has come, at least one byte; empty once the client has closed or reset.
  std::string read_some();

  /// Both return false where the client has gone before it took everything.
  bool write(std::string_view bytes);
  /// Every byte as a segment of its own, so that the client may see it alone.
  bool write_byte_by_byte(std::string_view bytes);

  /// Whether the client's FIN or RST has come behind what was read, without waiting for it.
  bool client_has_closed();

  void half_close();  ///< sends FIN, goes on reading
  void close();
  void reset();  ///< sends RST
  /// Reads and drops everything up to the client's FIN or RST.
  void wait_for_eof();
  void wait_for(Gate& gate);

 private:
  void wait_ready(short events);
  bool fill();
  std::string take(std::size_t size);

  Descriptor socket_;
  int index_;
  Activity& activity_;
  std::stop_token stop_;
  int stop_signal_;
  std::string pending_;
};

}  // namespace headway::testing
