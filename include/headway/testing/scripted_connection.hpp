// SPDX-License-Identifier: BSL-1.0
#pragma once

// One connection without a socket, from the test's side: whether it opens, what its reads bring and how its
// writes go. Owned by its ScriptedNetwork; thread-safe.

#include <headway/error.hpp>
#include <headway/http_route.hpp>
#include <headway/time.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace headway::testing {

class ConnectionScript;

/// Without any script it opens at once, takes every write whole and never has anything to read. A script may
/// be given before the connection is dialled, and while a call waits for it on another thread. Where neither
/// the script nor the clock goes on, a call that waits for it fails after `patience` with an error of the
/// category "headway.testing". The test's own waiting ends with false then.
class ScriptedConnection {
 public:
  ScriptedConnection(const ScriptedConnection&) = delete;
  ScriptedConnection& operator=(const ScriptedConnection&) = delete;

  // --- how the dial ends; the last word before it does counts

  void open();
  void refuse(std::error_code error = Error::connection_refused);
  /// Neither, until the test says so, or moves the clock past the connect timeout.
  void hold();
  /// Never: once dialled, the clock moves on by the connect timeout, and the dial fails.
  void ignore();

  // --- what reads bring, in this order

  /// One read brings no more than one delivery: split a response where you like. Empty ones are skipped.
  void deliver(std::string bytes);
  /// Only once what was written since the last such delivery ends with `sent`: "\r\n\r\n" for the end of a
  /// head.
  void deliver_after(std::string sent, std::string bytes);
  /// The end of the stream, for good.
  void end();
  /// From then on every read fails.
  void fail_reads(std::error_code error = Error::connection_reset);
  /// From then on nothing comes. Where a call first waits for it, the clock moves on by `by`, on the call's
  /// own thread; that must reach the call's timeout, unless another thread moves the clock further.
  void stall(Duration by = std::chrono::hours(24));

  // --- how writes go, in this order

  /// One write is taken up to `most` bytes, at least 1.
  void accept(std::size_t most);
  /// From then on every write fails. The client may still read an answer, as a server that refuses an upload
  /// sends one: script that, too, or `fail_reads`.
  void fail_writes(std::error_code error = Error::connection_reset);
  /// From then on nothing is taken; the clock as for `stall`.
  void stall_writes(Duration by = std::chrono::hours(24));

  /// From now on, whatever the scripts say, reads and writes fail with Error::connection_reset.
  void reset();

  // --- what the client does

  /// Where it leads; empty before it is dialled.
  HttpRoute route() const;
  /// Everything that was written.
  std::string written() const;
  /// The client has closed it.
  bool closed() const;

  /// Until what was written ends with `text`.
  [[nodiscard]] bool wait_for_written(std::string_view text);
  /// Until a call waits for this connection to bring or to take something, its deadlines set: now the clock
  /// may be moved.
  [[nodiscard]] bool wait_until_stalled();
  [[nodiscard]] bool wait_until_closed();

 private:
  friend class NetworkState;
  explicit ScriptedConnection(std::shared_ptr<ConnectionScript> script);

  std::shared_ptr<ConnectionScript> script_;
};

}  // namespace headway::testing
