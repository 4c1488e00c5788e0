// SPDX-License-Identifier: BSL-1.0
#include "src/connect/dial.hpp"
#include "src/core/live_connection.hpp"
#include "src/manage/lease_request.hpp"
#include "src/manage/options_check.hpp"

#include <headway/basic_connection_manager.hpp>

#include <mutex>
#include <utility>

namespace headway {

using detail::LeaseRequest;
using detail::Op;
using detail::this_waiter;

class BasicConnectionManager::Impl final : public detail::LeaseHome,
                                           public std::enable_shared_from_this<Impl> {
 public:
  using ConnectionPtr = std::unique_ptr<core::LiveConnection>;

  Impl(StaleCheck stale_check, detail::Environment environment)
      : stale_check_(std::move(stale_check)),
        connector_(environment.connector ? std::move(environment.connector)
                                         : connect::make_connector({}, *environment.clock)),
        clock_(*environment.clock) {}

  Clock& clock() const noexcept { return clock_; }

  /// Takes the one connection, whichever it is. Error, or none.
  std::error_code take() {
    std::lock_guard lock(mutex_);
    if (shut_down_) return Error::pool_shut_down;
    if (in_use_) return Error::connection_in_use;
    in_use_ = true;
    return {};
  }

  bool is_shut_down() noexcept {
    std::lock_guard lock(mutex_);
    return shut_down_;
  }

  void put_down() noexcept {
    std::lock_guard lock(mutex_);
    in_use_ = false;
  }

  Lease try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first);
  Op<void> acquire(LeaseRequest& request);
  CloseReason end_lease(void* slot, Connection& connection, const detail::LeaseEnd& end) noexcept override;
  bool close_idle();
  void shutdown();

 private:
  /// Holds the place of the one connection while it is looked at or opened.
  class Holding {
   public:
    explicit Holding(Impl& impl) noexcept : impl_(&impl) {}
    Holding(const Holding&) = delete;
    Holding& operator=(const Holding&) = delete;
    ~Holding() {
      if (impl_ != nullptr) impl_->put_down();
    }
    void keep() noexcept { impl_ = nullptr; }

   private:
    Impl* impl_;
  };

  StaleCheck stale_check_;
  std::shared_ptr<connect::Connector> connector_;
  Clock& clock_;
  std::mutex mutex_;
  bool in_use_ = false;     // under mutex_
  bool shut_down_ = false;  // under mutex_
  // Whoever has set in_use_ has these alone:
  ConnectionPtr connection_;
  TimePoint expires_{};
};

Lease BasicConnectionManager::Impl::try_lease(const HttpRoute& route, TimePoint now,
                                              core::FirstReceive* first) {
  if (take()) return {};
  Holding holding(*this);
  if (!connection_) return {};
  ConnectionPtr kept = std::move(connection_);  // closed wherever this ends early, by an exception, too
  const bool usable = kept->route() == route && now < expires_;
  if (!usable || (stale_check_ && kept->is_stale(stale_check_, first))) return {};
  connection_ = std::move(kept);
  holding.keep();
  return {shared_from_this(), nullptr, *connection_, true};
}

Op<void> BasicConnectionManager::Impl::acquire(LeaseRequest& request) {
  const auto self = shared_from_this();  // the manager may be destroyed meanwhile
  detail::Waiter& time = co_await this_waiter;
  request.error = take();
  if (request.error) co_return;
  Holding holding(*this);
  connection_.reset();
  const TimePoint start = time.now();
  connect::Dial dial(*connector_, request.route, request.dial, clock_);
  if (co_await dial.drive(nullptr, request.total) != connect::Dial::Driven::done) {
    request.error = Error::total_timeout;
    request.phase = dial.phase();
    co_return;
  }
  connect::Dialled dialled = dial.take();
  request.connect_time = time.now() - start;
  request.error = dialled.error;
  request.phase = dialled.phase;
  request.detail = std::move(dialled.detail);
  request.refusal = std::move(dialled.refusal);
  if (request.error) co_return;
  if (is_shut_down()) {
    request.error = Error::pool_shut_down;
    co_return;
  }
  connection_ =
      std::make_unique<core::LiveConnection>(request.route, time.now(), std::move(dialled.transport));
  holding.keep();
  request.lease = Lease(shared_from_this(), nullptr, *connection_, false);
}

CloseReason BasicConnectionManager::Impl::end_lease(void*, Connection&,
                                                    const detail::LeaseEnd& end) noexcept {
  const TimePoint now = clock_.now();
  expires_ = after(now, std::max(end.keep_alive, Duration::zero()));
  CloseReason reason = end.reason;
  if (reason == CloseReason::none && expires_ <= now) reason = CloseReason::keep_alive_zero;
  ConnectionPtr closing;
  std::lock_guard lock(mutex_);
  if (reason == CloseReason::none && shut_down_) reason = CloseReason::shut_down;
  if (reason != CloseReason::none) {
    closing = std::move(connection_);
  } else {
    connection_->set_idle_since(now);
  }
  in_use_ = false;
  return reason;
}

bool BasicConnectionManager::Impl::close_idle() {
  ConnectionPtr closing;  // outside the lock
  std::lock_guard lock(mutex_);
  if (!in_use_) closing = std::move(connection_);
  return closing != nullptr;
}

void BasicConnectionManager::Impl::shutdown() {
  ConnectionPtr closing;  // outside the lock
  std::lock_guard lock(mutex_);
  shut_down_ = true;
  if (!in_use_) closing = std::move(connection_);  // otherwise its lease, or whoever opens it, will find out
}

BasicConnectionManager::BasicConnectionManager() : BasicConnectionManager(DefaultStaleCheck{}) {}

BasicConnectionManager::BasicConnectionManager(StaleCheck stale_check)
    : BasicConnectionManager(std::move(stale_check), detail::Environment{}) {}

BasicConnectionManager::BasicConnectionManager(DialOptions dial, StaleCheck stale_check) {
  check(dial, "dial");
  impl_ = std::make_shared<Impl>(std::move(stale_check),
                                 detail::Environment{connect::make_connector(dial, system_clock())});
}

BasicConnectionManager::BasicConnectionManager(StaleCheck stale_check, detail::Environment environment)
    : impl_(std::make_shared<Impl>(std::move(stale_check), std::move(environment))) {}

BasicConnectionManager::~BasicConnectionManager() {
  if (impl_) impl_->shutdown();
}

bool BasicConnectionManager::close_idle() { return impl_->close_idle(); }
void BasicConnectionManager::shutdown() { impl_->shutdown(); }
Clock& BasicConnectionManager::clock() const noexcept { return impl_->clock(); }

Lease BasicConnectionManager::try_lease(const HttpRoute& route, TimePoint now, core::FirstReceive* first) {
  return impl_->try_lease(route, now, first);
}

Op<void> BasicConnectionManager::acquire(LeaseRequest& request) { return impl_->acquire(request); }

}  // namespace headway
