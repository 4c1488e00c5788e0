// SPDX-License-Identifier: BSL-1.0
#pragma once

// What an UpgradedStream holds: the response's stream, of which only the connection is of interest any more.

#include "src/exec/stream_state.hpp"

#include <headway/detail/socket.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <span>

namespace headway::detail {

/// A read and a write may be under way at a time, on several threads.
class UpgradeState {
 public:
  enum class Side : unsigned char { reading, writing };

  /// Throws std::system_error (Error::invalid_option) where there is no 101.
  explicit UpgradeState(std::shared_ptr<StreamState> stream);
  UpgradeState(const UpgradeState&) = delete;
  UpgradeState& operator=(const UpgradeState&) = delete;
  ~UpgradeState();

  const ResponseHead& head() const noexcept { return stream_->head; }
  Clock& clock() const noexcept { return stream_->clock(); }
  exec::AsyncHost& async() const noexcept { return stream_->async(); }

  Op<std::error_code> read_some(std::span<char> into, std::size_t& n);
  Op<std::error_code> write_some(std::span<const char> from, std::size_t& n);

  bool begins(Side side, const std::shared_ptr<AsyncOperation>& operation) {
    return of(side).begins(operation);
  }
  void ended(Side side) noexcept;
  bool is_busy(Side side) const { return side == Side::reading ? reads_.is_busy() : writes_.is_busy(); }
  void leave() noexcept;
  void close() noexcept;

 private:
  exec::OneOperation& of(Side side) noexcept { return side == Side::reading ? reads_ : writes_; }
  Socket& write_side(std::error_code& ec);
  void shut() noexcept;

  std::shared_ptr<StreamState> stream_;
  /// Another descriptor of the same socket: a waiter knows one who waits for each.
  std::optional<Socket> write_side_;
  exec::OneOperation reads_, writes_;
  std::atomic<bool> closed_ = false;
};

}  // namespace headway::detail
