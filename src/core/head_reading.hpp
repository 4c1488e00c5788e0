// SPDX-License-Identifier: BSL-1.0
#pragma once

// The response up to the end of its final head, as far as it has come: whoever has it awaits its wants, one
// after another. No operation of its own, since every request does it. A local of the caller's operation, on
// its thread.

#include "src/core/exchange.hpp"
#include "src/core/receiving.hpp"

#include <optional>
#include <system_error>

namespace headway::core {

class HeadReading {
 public:
  /// `sent`: when the request was. Preconditions: the exchange has sent it. Both must outlive this.
  HeadReading(Exchange& exchange, const detail::Waiter& waiter, TimePoint sent);

  /// What to wait for now, or nullptr once the head is there or an error is.
  detail::Want* next();
  std::error_code error() const noexcept { return error_; }

 private:
  Exchange& exchange_;
  const detail::Waiter& waiter_;
  Deadline deadline_;
  std::optional<Receiving> receiving_;
  std::error_code error_;
};

}  // namespace headway::core
