// SPDX-License-Identifier: BSL-1.0
#pragma once

// The right to use one connection. It ends exactly once, whatever happens: given back, discarded, or
// destroyed.

#include <headway/close_reason.hpp>
#include <headway/connection.hpp>
#include <headway/time.hpp>

#include <memory>
#include <utility>

namespace headway {

namespace detail {

/// How a lease ends.
struct LeaseEnd {
  CloseReason reason = CloseReason::cancelled;  ///< `none`: keep the connection
  Duration keep_alive = Duration::zero();       ///< for how long; 0: not at all
  TimePoint now = never;                        ///< the manager's time, if it is at hand
};

/// Where leases come from. `slot` is its own business.
class LeaseHome {
 public:
  virtual ~LeaseHome() = default;
  /// Returns why the connection was not kept, or `none`.
  virtual CloseReason end_lease(void* slot, Connection& connection, const LeaseEnd& end) noexcept = 0;
};

}  // namespace detail

/// Move-only. It keeps what it came from alive, so it may outlive its manager. Not thread-safe.
class Lease {
 public:
  Lease() = default;
  Lease(std::shared_ptr<detail::LeaseHome> home, void* slot, Connection& connection, bool reused) noexcept
      : home_(std::move(home)), slot_(slot), connection_(&connection), reused_(reused) {}
  Lease(Lease&& other) noexcept
      : home_(std::move(other.home_)),
        slot_(other.slot_),
        connection_(std::exchange(other.connection_, nullptr)),
        reused_(other.reused_) {}
  Lease& operator=(Lease&& other) noexcept {
    if (this != &other) {
      discard();
      home_ = std::move(other.home_);
      slot_ = other.slot_;
      connection_ = std::exchange(other.connection_, nullptr);
      reused_ = other.reused_;
    }
    return *this;
  }
  ~Lease() { discard(); }

  explicit operator bool() const noexcept { return connection_ != nullptr; }
  /// Preconditions: the lease has not ended.
  Connection& connection() const noexcept { return *connection_; }
  /// The connection was kept from an earlier lease, or opened ahead of need.
  bool reused() const noexcept { return reused_; }

  /// Ends the lease: the connection may be kept for `keep_alive`. Returns `none`, or why it was closed all
  /// the same. Preconditions: everything that was asked for on it has been read. A lease that has ended stays
  /// ended.
  CloseReason give_back(Duration keep_alive) noexcept { return give_back(keep_alive, never); }
  /// The same for those who have just asked the manager's clock: `now` is what it said.
  CloseReason give_back(Duration keep_alive, TimePoint now) noexcept {
    return end({CloseReason::none, keep_alive, now});
  }
  /// Ends the lease and closes the connection.
  void discard(CloseReason reason = CloseReason::cancelled) noexcept {
    end({reason, Duration::zero(), never});
  }

 private:
  CloseReason end(const detail::LeaseEnd& how) noexcept {
    if (connection_ == nullptr) return how.reason;
    const CloseReason reason = home_->end_lease(slot_, *std::exchange(connection_, nullptr), how);
    home_.reset();
    return reason;
  }

  std::shared_ptr<detail::LeaseHome> home_;
  void* slot_ = nullptr;
  Connection* connection_ = nullptr;
  bool reused_ = false;
};

}  // namespace headway
