// SPDX-License-Identifier: BSL-1.0
#pragma once

// Connections that open, or fail to, when the test says so. Thread-safe.

#include "src/connect/connector.hpp"
#include "tests/support/scripted_transport.hpp"

#include <headway/detail/signal.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace headway::testing {

/// One dial, from the test's side. It is answered at most once.
class ScriptedDial {
 public:
  ScriptedDial(HttpRoute to, Duration within) : route(std::move(to)), timeout(within) {}

  const HttpRoute route;
  const Duration timeout;
  /// The connection's other end, once it is open.
  const std::shared_ptr<ScriptedPeer> peer = std::make_shared<ScriptedPeer>();

  /// `socket`: where somebody wants to poll the connection.
  void succeed(detail::Socket socket = {}) {
    socket_ = std::move(socket);
    answered_.set();
  }
  void fail(std::error_code error) {
    error_ = error;
    answered_.set();
  }
  void fail(std::exception_ptr exception) {
    exception_ = std::move(exception);
    answered_.set();
  }
  /// Nobody waits for its answer any more.
  bool dropped() const { return dropped_; }

 private:
  friend class ScriptedConnector;
  detail::Signal answered_;
  detail::Socket socket_;
  std::error_code error_;
  std::exception_ptr exception_;
  std::atomic<bool> dropped_ = false;
};

class ScriptedConnector final : public connect::Connector {
 public:
  detail::Op<connect::Dialled> connect(HttpRoute route, connect::DialTimeouts timeouts) override {
    auto dial = std::make_shared<ScriptedDial>(std::move(route), timeouts.connect);
    std::lock_guard lock(mutex_);
    if (at_once_) dial->succeed();
    dials_.push_back(dial);
    return perform(std::move(dial));
  }

  /// From now on every dial succeeds as soon as it is made, or waits for the test again.
  void answer_at_once() { at_once_ = true; }
  void answer_by_hand() { at_once_ = false; }
  std::size_t dials() const {
    std::lock_guard lock(mutex_);
    return dials_.size();
  }
  /// In the order in which they were made.
  ScriptedDial& dial(std::size_t index) const {
    std::lock_guard lock(mutex_);
    return *dials_.at(index);
  }

 private:
  /// Tells a dial that was destroyed half-way.
  class Watch {
   public:
    explicit Watch(std::shared_ptr<ScriptedDial> dial) : dial_(std::move(dial)) {}
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch() { dial_->dropped_ = !finished; }
    ScriptedDial& dial() const { return *dial_; }
    bool finished = false;

   private:
    std::shared_ptr<ScriptedDial> dial_;
  };

  static detail::Op<connect::Dialled> perform(std::shared_ptr<ScriptedDial> made) {
    Watch watch(std::move(made));
    ScriptedDial& dial = watch.dial();
    detail::Waiter& waiter = co_await detail::this_waiter;
    detail::Want want;
    want.signals[0] = &dial.answered_;
    want.deadline = after(waiter.now(), dial.timeout);
    want.phase = Phase::connect;
    if (!dial.answered_.is_set()) co_await want;
    watch.finished = true;
    if (dial.exception_) std::rethrow_exception(dial.exception_);
    connect::Dialled dialled;
    dialled.error = dial.answered_.is_set() ? dial.error_ : make_error_code(Error::connect_timeout);
    if (!dialled.error) {
      dialled.transport = std::make_unique<ScriptedTransport>(dial.peer, ScriptedTransport::Raw::yes,
                                                              std::move(dial.socket_));
    }
    co_return dialled;
  }

  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<ScriptedDial>> dials_;
  std::atomic<bool> at_once_ = false;
};

}  // namespace headway::testing
