// SPDX-License-Identifier: BSL-1.0
#pragma once

// A connection being opened, as an object of its own: whoever needs it drives it, and may leave it to
// somebody else half-way, because a connection came free before the dial was done.

#include "src/connect/connector.hpp"

#include <memory>

namespace headway::connect {

class Dial {
 public:
  /// The clock must outlive the dial.
  Dial(Connector& connector, const HttpRoute& route, DialTimeouts timeouts, const Clock& clock);
  Dial(Dial&&) noexcept = default;
  Dial& operator=(Dial&&) noexcept = default;

  enum class Driven { done, interrupted, out_of_time };
  /// Drives it on the caller's waiter until it is done, `interrupt` (which may be null) is set, or `deadline`
  /// has passed. After the latter two it can be driven on, there or elsewhere. The dial must outlive the
  /// operation.
  detail::Op<Driven> drive(detail::Signal* interrupt, TimePoint deadline);

  /// What it is waiting for. Preconditions: driven, and not to `done`.
  Phase phase() const noexcept { return parking_->want->phase; }

  /// Preconditions: driven to `done`.
  Dialled take() { return op_.take(); }

 private:
  /// Takes the dial's wants and hands them to whoever drives.
  class Parking final : public detail::Waiter {
   public:
    explicit Parking(const Clock& clock) noexcept : clock_(clock) {}
    TimePoint now() const noexcept override { return clock_.now(); }
    bool wait(detail::Want& want, std::coroutine_handle<> operation) override;

    const Clock& clock_;
    detail::Want* want = nullptr;
    std::coroutine_handle<> suspended;
  };

  // Declared in this order: the operation refers to the parking until it is destroyed.
  std::unique_ptr<Parking> parking_;
  detail::Op<Dialled> op_;
  bool started_ = false;
};

}  // namespace headway::connect
