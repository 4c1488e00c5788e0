// SPDX-License-Identifier: BSL-1.0
#pragma once

// What an operation needs before it can go on, and who gives it. An operation makes non-blocking calls; where
// it cannot go on it awaits a Want, which has a deadline and the name of the phase that the deadline belongs
// to.

#include <headway/detail/signal.hpp>
#include <headway/error.hpp>
#include <headway/time.hpp>

#include <array>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace headway::detail {

class Socket;

/// One socket, awaited in one direction or both.
struct SocketWant {
  Socket* socket = nullptr;
  bool readable = false;  ///< awaited; after the wait: came true (an error or end of file counts)
  bool writable = false;
};

/// Fulfilled when any of the sockets is ready, any of the signals is set, or the deadline has passed.
struct Want {
  std::span<SocketWant> sockets = {};
  std::array<Signal*, 2> signals = {};
  TimePoint deadline = never;
  Phase phase = Phase::prepare;
  /// Nothing is awaited but that others have had their turn. A waiter that has no others to give it to
  /// fulfils it at once.
  bool yields = false;

  /// Where one socket is awaited for reading, its bytes are wanted as they are and the waiter is one that
  /// receives: it may wait by receiving, and says so in `received`. Bytes; 0 = end of file; below 0 = the
  /// negated errno. What comes when the deadline passes may be lost.
  std::span<char> into = {};
  std::ptrdiff_t received = not_received;
  bool timed_out = false;

  static constexpr std::ptrdiff_t not_received = PTRDIFF_MIN;
};

/// Where to receive; asked for once something will be, since it may take memory. Throws std::bad_alloc.
class ReceiveRoom {
 public:
  virtual std::span<char> room() = 0;

 protected:
  ~ReceiveRoom() = default;
};

/// Fulfils wants. One operation uses one waiter for its whole life.
class Waiter {
 public:
  virtual TimePoint now() const noexcept = 0;
  /// True: the want is fulfilled and the operation goes on at once. False: it stays suspended, and
  /// `operation` is resumed later, on whichever thread the waiter resumes on, but not before the call that
  /// led here has returned all the way to whoever started or resumed the operation. The want lives until
  /// then.
  virtual bool wait(Want& want, std::coroutine_handle<> operation) = 0;
  /// Whether its waits receive into Want::into, so that trying to receive first would be a wasted system
  /// call.
  virtual bool receives() const noexcept { return false; }
  /// Begins to receive a response before its request is sent, which looks at the connection as well. True:
  /// nothing had come, not even the connection's end; the next waits for the socket to be readable go on with
  /// this receive, which tells in Want::received, whatever their own `into`. False: something has come, and
  /// the connection is of no use. Nothing: it has not begun. Asked again: whether it found nothing, and
  /// nothing has been received since. The room is written to until a wait has told of it, or the socket is
  /// closed. On the operation's thread.
  virtual std::optional<bool> begin_receive(Socket&, ReceiveRoom&) noexcept { return std::nullopt; }

 protected:
  ~Waiter() = default;
};

}  // namespace headway::detail
