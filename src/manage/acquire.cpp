// SPDX-License-Identifier: BSL-1.0
// How a lease that finds no idle connection gets one: it waits and dials at the same time, takes what comes
// first, and leaves a dial that it needs no more to the background.
#include "src/core/deadlines.hpp"
#include "src/manage/pooling_impl.hpp"

#include <headway/keep_alive_strategy.hpp>

namespace headway {

using connect::Dial;
using connect::Dialled;
using detail::LeaseRequest;
using detail::Op;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

/// A connecting slot, given up unless its dial succeeds.
class PoolingConnectionManager::Impl::DialPlace {
 public:
  DialPlace(Impl& impl, Slot& slot) noexcept : impl_(impl), slot_(&slot) {}
  DialPlace(const DialPlace&) = delete;
  DialPlace& operator=(const DialPlace&) = delete;
  ~DialPlace() { give_up(); }

  void give_up() {
    if (slot_ == nullptr) return;
    impl_.with_pool([&](ConnectionPool& pool, Effects& effects) {
      pool.dial_failed(*std::exchange(slot_, nullptr), effects);
      return true;
    });
  }
  void succeed(ConnectionPtr connection, TimePoint now) {
    impl_.connected(*std::exchange(slot_, nullptr), std::move(connection), now);
  }
  const HttpRoute& route() const { return slot_->route(); }

 private:
  Impl& impl_;
  Slot* slot_;
};

/// Takes a waiter out of the pool however its operation ends.
class PoolingConnectionManager::Impl::Withdrawal {
 public:
  Withdrawal(Impl& impl, LeaseWaiter& waiter) noexcept : impl_(impl), waiter_(waiter) {}
  Withdrawal(const Withdrawal&) = delete;
  Withdrawal& operator=(const Withdrawal&) = delete;
  ~Withdrawal() {
    impl_.with_pool([&](ConnectionPool& pool, Effects& effects) {
      if (waiter_.state() != ConnectionPool::Waiter::State::dialling) forgo_grant(waiter_, pool, effects);
      // Whoever has its place now may be handed its connection as well.
      note_grants(effects);
      pool.withdraw(waiter_, impl_.clock_.now(), effects);
      return true;
    });
  }

 private:
  Impl& impl_;
  LeaseWaiter& waiter_;
};

void PoolingConnectionManager::Impl::enter(const std::shared_ptr<LeaseWaiter>& waiter,
                                           const LeaseRequest& request, TimePoint now) {
  const auto freshness = request.fresh ? ConnectionPool::Freshness::fresh : ConnectionPool::Freshness::any;
  with_pool([&](ConnectionPool& pool, Effects& effects) {
    pool.enter(waiter, request.route, freshness, now, effects);
    note_grant(*waiter);
    return true;
  });
}

void PoolingConnectionManager::Impl::note_grants(const Effects& effects) {
  for (const auto& woken : effects.woken) note_grant(static_cast<LeaseWaiter&>(*woken));
}

/// A waiter that may dial can be served before it comes to that: then it must know of the place.
void PoolingConnectionManager::Impl::note_grant(LeaseWaiter& waiter) {
  if (waiter.state() == ConnectionPool::Waiter::State::dialling) waiter.granted = waiter.slot();
}

/// Gives up the place where it would have dialled. Preconditions: the waiter is not dialling.
void PoolingConnectionManager::Impl::forgo_grant(LeaseWaiter& waiter, ConnectionPool& pool,
                                                 Effects& effects) {
  if (Slot* const granted = std::exchange(waiter.granted, nullptr)) pool.dial_failed(*granted, effects);
}

Op<void> PoolingConnectionManager::Impl::acquire(LeaseRequest& request) {
  using State = ConnectionPool::Waiter::State;
  const auto self = shared_from_this();  // the manager may be destroyed meanwhile
  Waiter& time = co_await this_waiter;
  const core::Deadline deadline =
      core::earlier({after(time.now(), request.lease_timeout), Error::lease_timeout}, request.total);
  const auto waiter = std::make_shared<LeaseWaiter>();
  const Withdrawal withdrawal(*this, *waiter);
  enter(waiter, request, time.now());
  for (bool late = false;;) {
    Slot* slot = nullptr;
    const State state = with_pool([&](ConnectionPool& pool, Effects& effects) {
      waiter->signal.reset();
      const State now = waiter->state();
      slot = waiter->slot();
      if (now == State::served) {
        pool.collect(*waiter);
        forgo_grant(*waiter, pool, effects);
      }
      if (now == State::dialling) waiter->granted = nullptr;
      return now;
    });
    if (state == State::failed) {
      request.error = waiter->error();
      co_return;
    }
    if (state == State::served) {
      if (hand_out(request, *slot, time.now(), waiter)) co_return;
    } else if (state == State::dialling) {
      if (co_await dial_for(request, waiter, *slot)) co_return;
    } else if (late) {
      request.error = deadline.error;
      co_return;
    } else {
      Want want;
      want.signals[0] = &waiter->signal;
      want.deadline = deadline.time;
      want.phase = Phase::lease;
      co_await want;
      late = want.timed_out;  // what came in the same instant still counts
    }
  }
}

/// Opens a connection for the waiter. True where the request is settled, one way or the other; false where
/// something else has come for the waiter meanwhile.
Op<bool> PoolingConnectionManager::Impl::dial_for(LeaseRequest& request,
                                                  const std::shared_ptr<LeaseWaiter>& waiter, Slot& slot) {
  Waiter& time = co_await this_waiter;
  const TimePoint start = time.now();
  auto place = std::make_unique<DialPlace>(*this, slot);
  Dial dial(*connector_, request.route, request.dial, clock_);
  for (;;) {
    const Dial::Driven driven = co_await dial.drive(&waiter->signal, request.total);
    if (driven == Dial::Driven::done) break;
    if (driven == Dial::Driven::out_of_time) {
      request.error = Error::total_timeout;
      request.phase = dial.phase();
      co_return true;
    }
    std::unique_lock lock(mutex_);
    waiter->signal.reset();
    const auto state = waiter->state();
    lock.unlock();
    if (state == ConnectionPool::Waiter::State::dialling) continue;
    // Somebody's connection came back first: this dial is for whoever comes next.
    if (state == ConnectionPool::Waiter::State::served)
      runner_.spawn(finish_dial(std::move(dial), std::move(place)));
    co_return false;
  }
  Dialled dialled = dial.take();
  request.connect_time = time.now() - start;
  if (dialled.error) {
    place->give_up();
    std::unique_lock lock(mutex_);
    const bool served = waiter->state() == ConnectionPool::Waiter::State::served;
    lock.unlock();
    if (served) co_return false;
    request.error = dialled.error;
    request.phase = dialled.phase;
    request.detail = std::move(dialled.detail);
    request.refusal = std::move(dialled.refusal);
    co_return true;
  }
  place->succeed(make_connection(request.route, std::move(dialled), time.now()), time.now());
  std::unique_lock lock(mutex_);
  const bool mine = waiter->state() == ConnectionPool::Waiter::State::served && waiter->slot() == &slot;
  if (mine) pool_.collect(*waiter);
  lock.unlock();
  if (mine) request.lease = Lease(shared_from_this(), &slot, *slot.connection(), false);
  co_return mine;
}

/// In the background: a dial that its waiter needs no more.
Op<void> PoolingConnectionManager::Impl::finish_dial(Dial dial, std::unique_ptr<DialPlace> place) {
  // Parameters die last in some compilers and first in others; the dial must go before its place is given up.
  const std::unique_ptr<DialPlace> my_place = std::move(place);
  Dial mine = std::move(dial);
  Waiter& time = co_await this_waiter;
  if (co_await mine.drive(nullptr, never) != Dial::Driven::done) co_return;
  Dialled dialled = mine.take();
  if (dialled.error) co_return;
  my_place->succeed(make_connection(my_place->route(), std::move(dialled), time.now()), time.now());
}

/// A dial has succeeded: the pool says whose connection it is.
void PoolingConnectionManager::Impl::connected(Slot& slot, ConnectionPtr connection, TimePoint now) {
  const Expiry expiry = expiry_of(*connection, DefaultKeepAliveStrategy{}.silent, now);
  Signals wake;
  with_pool([&](ConnectionPool& pool, Effects& effects) {
    ++opened_;
    pool.dialled(slot, std::move(connection), now, expiry.time, effects);
    wake = monitors_to_wake(expiry.time);
    return true;
  });
  for (const auto& monitor : wake) monitor->set();
}

Op<std::error_code> PoolingConnectionManager::Impl::warm(const HttpRoute& route, std::size_t count,
                                                         std::size_t& idle) {
  const auto self = shared_from_this();  // the manager may be destroyed meanwhile
  const core::Budgets budgets;
  std::error_code error;
  for (std::size_t opened = 0; opened < count; ++opened) {
    const PoolStats now = stats(route);
    if (now.available + now.connecting >= count) break;
    LeaseRequest request{
        .route = route, .lease_timeout = budgets.lease, .dial = {budgets.connect, budgets.tls_handshake}};
    const bool warmed = co_await warm_one(request);
    error = request.error;
    if (!warmed) break;
  }
  idle = stats(route).available;
  co_return error;
}

/// Opens one connection ahead of need; false, without an error, where there is no room.
Op<bool> PoolingConnectionManager::Impl::warm_one(LeaseRequest& request) {
  Waiter& time = co_await this_waiter;
  Slot* const slot = with_pool([&](ConnectionPool& pool, Effects&) { return pool.reserve(request.route); });
  if (slot == nullptr) {
    if (pool_is_shut_down()) request.error = Error::pool_shut_down;
    co_return false;
  }
  DialPlace place(*this, *slot);
  Dial dial(*connector_, request.route, request.dial, clock_);
  if (co_await dial.drive(nullptr, request.total) != Dial::Driven::done) {
    request.error = Error::total_timeout;
    request.phase = dial.phase();
    co_return false;
  }
  Dialled dialled = dial.take();
  if (dialled.error) {
    request.error = dialled.error;
    request.phase = dialled.phase;
    request.detail = std::move(dialled.detail);
    request.refusal = std::move(dialled.refusal);
    co_return false;
  }
  place.succeed(make_connection(request.route, std::move(dialled), time.now()), time.now());
  co_return true;
}

}  // namespace headway
