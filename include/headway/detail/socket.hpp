// SPDX-License-Identifier: BSL-1.0
#pragma once

// A socket's descriptor, owned, with what waiters remember about it between their waits.

#include <cstdint>
#include <memory>
#include <utility>

namespace headway::detail {

/// What a waiter has tied to a socket for as long as the descriptor lives.
class SocketAttachment {
 public:
  virtual ~SocketAttachment() = default;
  /// The waiter's mark, by which it knows its own.
  virtual const void* owner() const noexcept = 0;
  /// The descriptor is about to be closed. Called once, and nothing else after it.
  virtual void detach() noexcept = 0;
};

/// Closes its descriptor when destroyed. One thread at a time.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        receive_timeout_(other.receive_timeout_),
        attachment_(std::move(other.attachment_)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  int descriptor() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }
  void close() noexcept;
  /// Drops what is unsent and resets the connection.
  void reset() noexcept;

  /// The SO_RCVTIMEO that is set on it, in milliseconds; 0: none. Kept by the blocking waiter.
  std::int64_t receive_timeout() const noexcept { return receive_timeout_; }
  void set_receive_timeout(std::int64_t milliseconds) noexcept { receive_timeout_ = milliseconds; }

  /// Null where there is none. Attaching another one detaches the first.
  const std::shared_ptr<SocketAttachment>& attachment() const noexcept { return attachment_; }
  void attach(std::shared_ptr<SocketAttachment> attachment) noexcept;

 private:
  int descriptor_ = -1;
  std::int64_t receive_timeout_ = 0;
  std::shared_ptr<SocketAttachment> attachment_;
};

}  // namespace headway::detail
