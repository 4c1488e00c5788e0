// SPDX-License-Identifier: BSL-1.0
#pragma once

// The pool's accounting: which connections are idle, leased or being opened, who waits for one, and what is
// to happen next.
//
// Theory of operation. A Slot is a place for one connection and counts against the caps from the moment it is
// granted: connecting -> leased <-> idle -> gone. Idle slots stand in two lists, their route's and one over
// all routes ordered by time, so that the least recently used connection of any route is found at once. A
// Waiter is a lease that could not be served from idle connections. It stands in its route's queue, in order
// of arrival, until a connection is handed to it or its own dial is done; it starts as `dialling` where the
// caps have room, as `queued` where not. A connection that comes back goes to the first waiter of its route,
// dialling or not; a dial whose waiter was served like that goes on without an owner, and its connection goes
// to the next. A route whose queue needs a dial that only the total cap forbids is `starving`; the starving
// route whose waiter is the oldest gets the next free place, if need be in exchange for an idle connection of
// another route.
//
// Rules of this file: it decides and never performs. No I/O, no thread, no lock, no clock: `now` comes in,
// and what has to be done (connections to close, waiters to wake) goes out through Effects, to be done once
// the caller's lock is released. Invariants, checked by `check()`: idle + leased + connecting == counted <=
// caps as they were when granted; nobody waits while there is a place for him; a slot stands in one state; no
// connection stands in two slots.

#include <headway/close_reason.hpp>
#include <headway/detail/intrusive_list.hpp>
#include <headway/detail/prefetch.hpp>
#include <headway/detail/route_index.hpp>
#include <headway/error.hpp>
#include <headway/http_route.hpp>
#include <headway/pool_options.hpp>
#include <headway/pool_stats.hpp>
#include <headway/time.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace headway {

/// The caps and the order of a Pool.
struct PoolLimits {
  std::size_t max_total = 200;
  std::size_t max_per_route = 20;
  std::size_t max_waiters = 100'000;
  std::size_t max_routes = 1'000'000;
  Reuse reuse = Reuse::lifo;
};

/// Connection: movable and default-constructible. Clock: has a time_point. Not thread-safe: its owner has a
/// lock.
template <class Connection, class Clock = MonotonicClock>
class Pool {
 public:
  using Time = typename Clock::time_point;
  class Slot;
  class Waiter;
  using WaiterPtr = std::shared_ptr<Waiter>;

 private:
  struct RouteState;

 public:
  /// A place for one connection. Its address is good as long as the pool.
  class alignas(64) Slot {
   public:
    enum class State : std::uint8_t { free, connecting, leased, idle };

    /// The connection, while leased or idle.
    Connection& connection() noexcept { return connection_; }
    State state() const noexcept { return state_; }
    const HttpRoute& route() const noexcept { return route_->route; }
    /// Counts the leases of this place: an earlier one's number tells that it is over.
    std::uint64_t generation() const noexcept { return generation_; }
    /// While idle, or handed over: when it is to be closed, and for what.
    Time expires() const noexcept { return expires_; }
    CloseReason expiry_reason() const noexcept { return expiry_reason_; }

   private:
    friend class Pool;
    // One line of a cache for what every lease needs, and for what those of the neighbours need.
    detail::Links<Slot> in_all_;
    Connection connection_{};
    RouteState* route_ = nullptr;
    std::uint64_t generation_ = 0;
    Time expires_{};
    CloseReason expiry_reason_ = CloseReason::expired;
    State state_ = State::free;
    detail::Links<Slot> in_route_;
    Time idle_since_{};
    Waiter* dialler_ = nullptr;
  };

  /// Somebody who waits for a connection; derive from it to add what wakes him. Owned by shared_ptr.
  class Waiter {
   public:
    enum class State : std::uint8_t {
      idle,      ///< does not wait
      queued,    ///< waits for a connection or for room
      dialling,  ///< has room (`slot()`): opens a connection there, and still takes one that comes back
                 ///< before
      served,    ///< `slot()` is leased to him
      failed,    ///< `error()` says why
    };
    virtual ~Waiter() = default;
    State state() const noexcept { return state_; }
    Slot* slot() const noexcept { return slot_; }
    Error error() const noexcept { return error_; }

   private:
    friend class Pool;
    RouteState* route_ = nullptr;
    Slot* slot_ = nullptr;
    std::uint64_t ticket_ = 0;
    Error error_ = Error::cancelled;
    State state_ = State::idle;
    WaiterPtr self_;  // while it stands in the queue
    detail::Links<Waiter> in_queue_, in_queued_;
  };

  struct Closing {
    Connection connection;
    CloseReason reason;
  };

  /// What has to be done once the lock is released.
  struct Effects {
    std::vector<Closing> closing;
    std::vector<WaiterPtr> woken;  ///< their state has changed
    bool empty() const noexcept { return closing.empty() && woken.empty(); }
  };

  /// An idle connection, as the monitor sees it.
  struct IdleRef {
    Slot* slot;
    std::uint64_t generation;
  };

  enum class Freshness : std::uint8_t { any, fresh };

  explicit Pool(const PoolLimits& limits) : limits_(limits) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  /// Lets go of those that still wait, without a word to them.
  ~Pool();

  // --- leasing
  // -------------------------------------------------------------------------------------------------------

  /// An idle connection of that route, now leased, or nullptr. Expired ones on the way are closed.
  Slot* take_idle(const HttpRoute& route, Time now, Effects& effects);

  /// Enters the waiter: afterwards it is dialling, queued or failed (too_many_waiters, too_many_routes,
  /// pool_shut_down), or served where an idle connection was there. `fresh`: an idle connection is not taken
  /// but, if need be, closed for room. A waiter that was served before and enters again, because its
  /// connection was dead, keeps its turn, and is not refused for the length of the queue. Preconditions: the
  /// waiter's state is idle.
  void enter(const WaiterPtr& waiter, const HttpRoute& route, Freshness freshness, Time now,
             Effects& effects);

  /// The waiter gives up, whatever has become of it meanwhile: a connection it was handed goes to the next.
  void withdraw(Waiter& waiter, Time now, Effects& effects);

  /// A served waiter takes what it was given: it is idle afterwards, and the slot is the caller's.
  Slot* collect(Waiter& waiter) noexcept;

  /// Room for a connection opened ahead of need: a connecting slot without an owner, or nullptr where the
  /// caps leave none.
  Slot* reserve(const HttpRoute& route);

  /// A dial is done. The waiter that dials is served with it; without one it goes to the first waiter of the
  /// route, or is kept until `expires`.
  void dialled(Slot& slot, Connection connection, Time now, Time expires, Effects& effects);
  /// A dial has failed, or was given up. The waiter that dials, if it still does, is idle afterwards.
  void dial_failed(Slot& slot, Effects& effects);

  /// Ends a lease. Kept until `expires` where `reason` is none, closed otherwise. `expiry_reason`: what it
  /// will be closed for.
  void give_back(Slot& slot, CloseReason reason, Time now, Time expires, CloseReason expiry_reason,
                 Effects& effects);
  /// Ends a lease that lease_idle began: the connection is as old and as long idle as it was before.
  void put_back(Slot& slot, Time now, Effects& effects);

  // --- keeping house
  // -------------------------------------------------------------------------------------------------

  std::size_t close_expired(Time now, Effects& effects);
  /// Closes what has been idle since `since` or longer.
  std::size_t close_idle(Time since, Effects& effects);
  /// Every idle connection, the longest idle first.
  template <class Visit>
  void visit_idle(Visit visit) const {
    for (Slot* slot = idle_.front(); slot != nullptr; slot = idle_.next(*slot)) visit(*slot);
  }
  /// Leases an idle connection, to look at it closely. False where it has been leased since.
  bool lease_idle(IdleRef ref) noexcept;
  /// Closes an idle connection unless it has been leased since. Returns whether it was there.
  bool close_idle_one(IdleRef ref, CloseReason reason, Effects& effects);
  /// No connection: neither idle nor leased nor being opened.
  bool empty() const noexcept { return counted_ == 0; }
  /// No idle connection expires before then; it may be past. Nothing where there is none.
  std::optional<Time> next_expiry() const;

  /// Idle connections are closed and waiters fail with pool_shut_down, now and from now on; leased ones close
  /// at their end.
  void shutdown(Effects& effects);
  bool is_shut_down() const noexcept { return shut_down_; }

  // --- caps and figures
  // ----------------------------------------------------------------------------------------------

  /// Raising a cap serves waiters at once; lowering one closes idle connections above it now, leased ones at
  /// their end.
  void set_max_total(std::size_t max, Effects& effects);
  void set_default_max_per_route(std::size_t max, Effects& effects);
  void set_max_per_route(const HttpRoute& route, std::size_t max, Effects& effects);
  PoolStats stats() const;
  PoolStats stats(const HttpRoute& route) const;
  std::size_t routes() const noexcept { return routes_.size(); }

  /// Every invariant, at the cost of a walk over everything. For tests.
  bool check() const;

 private:
  using RouteIdle = detail::IntrusiveList<Slot, &Slot::in_route_>;
  using AllIdle = detail::IntrusiveList<Slot, &Slot::in_all_>;
  using Queue = detail::IntrusiveList<Waiter, &Waiter::in_queue_>;
  using Queued = detail::IntrusiveList<Waiter, &Waiter::in_queued_>;

  /// What a lease of an idle connection looks at comes first.
  struct alignas(64) RouteState {
    RouteState(HttpRoute key, std::size_t cap) : route(std::move(key)), max(cap) {}
    const HttpRoute route;
    RouteIdle idle;
    std::size_t max;
    std::size_t counted = 0;     // slots in any state
    std::size_t connecting = 0;  // of them
    std::size_t ownerless = 0;   // of those: dials whose connection goes to whoever comes first
    Queue queue;                 // all waiters, in order of arrival
    Queued queued;               // of them, those without a dial of their own
    std::uint64_t starving = 0;  // the ticket it stands under in starving_, or 0
  };

  RouteState* find_or_create(const HttpRoute& route);
  std::size_t max_of(const HttpRoute& route) const;
  void forget_if_unused(RouteState& route);

  Slot& grant(RouteState& route, Waiter* dialler);
  void release_place(Slot& slot);
  void close_slot(Slot& slot, CloseReason reason, Effects& effects);
  void end_connecting(Slot& slot) noexcept;
  void unlink_idle(Slot& slot) noexcept;
  void lease(Slot& slot) noexcept;
  void make_idle(Slot& slot, Time now, Time expires, CloseReason expiry_reason);

  void hand_over(Slot& slot, RouteState& route, Effects& effects);
  WaiterPtr leave_queue(Waiter& waiter);
  void fail(Waiter& waiter, Error error) noexcept;
  void start_dial(RouteState& route, Waiter& waiter);
  void settle(RouteState& route);
  void serve_starving(Effects& effects);
  void place_freed(RouteState& route, Effects& effects);
  bool make_room(Effects& effects);
  bool older_waits_elsewhere(const RouteState& route) const noexcept;
  void cap_route(RouteState& route, std::size_t max, Effects& effects);
  bool check(const RouteState& route) const;

  PoolLimits limits_;
  detail::RouteIndex<RouteState> routes_;
  std::unordered_map<HttpRoute, std::size_t> max_per_route_;
  std::deque<Slot> slots_;
  std::vector<Slot*> free_slots_;
  AllIdle idle_;
  std::set<std::pair<std::uint64_t, RouteState*>> starving_;  // by their oldest queued waiter
  std::size_t counted_ = 0;
  std::size_t connecting_ = 0;
  std::size_t queued_ = 0;
  std::uint64_t last_ticket_ = 0;
  Time earliest_expiry_ = Time::max();  // no idle connection expires before it
  bool shut_down_ = false;
};

}  // namespace headway

#include <headway/impl/pool.hpp>  // IWYU pragma: keep
