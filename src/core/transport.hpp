// SPDX-License-Identifier: BSL-1.0
#pragma once

// One connected, non-blocking byte stream: plain TCP, TLS, a Unix socket, a test's script. Owned by its
// connection, used by one thread at a time.

#include <headway/detail/socket.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace headway::core {

/// How a non-blocking read or write went.
struct IoResult {
  /// `cut`: the end came without the goodbye that the transport's protocol asks for.
  enum class Kind : unsigned char { done, want_readable, want_writable, end, cut, failed };
  Kind kind = Kind::done;
  std::size_t bytes = 0;       ///< for `done`: at least 1
  std::error_code error = {};  ///< for `failed`

  bool blocked() const noexcept { return kind == Kind::want_readable || kind == Kind::want_writable; }
  /// From a system call's result: bytes, 0 for end of file, or a negated errno.
  static IoResult of_receive(std::ptrdiff_t result) noexcept;
};

class Transport {
 public:
  virtual ~Transport() = default;

  /// Never blocks. Preconditions: `into` is not empty.
  virtual IoResult read(std::span<char> into) noexcept = 0;
  /// Writes some of `first`, then of `second`. Never blocks. Preconditions: not both empty.
  virtual IoResult write(std::string_view first, std::string_view second) noexcept = 0;

  /// Whether `send_file` can be called.
  virtual bool sends_files() const noexcept { return false; }
  /// Sends some of `file` from `offset` on, `most` bytes or less, without their passing through this
  /// process's memory. Never waits for the peer. `end`: the file has no more. Preconditions: sends_files().
  virtual IoResult send_file(int file, std::uint64_t offset, std::size_t most) noexcept;

  /// Reads on past an end that the protocol has announced, until the peer has closed the connection itself;
  /// what comes is dropped.
  virtual IoResult discard(std::span<char> scratch) noexcept { return read(scratch); }

  /// What is awaited when read or write would block.
  virtual detail::Socket& socket() noexcept = 0;
  /// The socket's bytes are the payload's, so that a waiter may receive them itself.
  virtual bool is_raw() const noexcept = 0;

  /// Something has been received that `read` has not given out yet: the socket's readiness says nothing then.
  virtual bool holds_input() const noexcept { return false; }

  /// Bytes have come out of the socket that `read` has not taken in.
  virtual bool has_buffered() const noexcept { return false; }

  /// In words, what the last failure was; empty where the error code says it all.
  virtual std::string failure() const { return {}; }

  enum class Idle : unsigned char { quiet, ended, surplus };
  /// What an idle connection looks like now: one non-blocking look, nothing is consumed.
  virtual Idle look() noexcept = 0;
};

}  // namespace headway::core
