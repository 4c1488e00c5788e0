// SPDX-License-Identifier: BSL-1.0
#pragma once

// The budgets of one call, and which of them a wait runs into first.

#include <headway/error.hpp>
#include <headway/timeouts.hpp>

#include <algorithm>

namespace headway::core {

/// Timeouts with nothing left unset.
struct Budgets {
  Duration lease = std::chrono::seconds(10);
  Duration connect = std::chrono::seconds(10);
  Duration tls_handshake = std::chrono::seconds(10);
  Duration write = std::chrono::seconds(30);
  Duration response = std::chrono::seconds(30);
  Duration read = std::chrono::seconds(30);
  Duration total = unlimited;
};

/// `timeouts` where they are set, `otherwise` where not.
Budgets merge(const Timeouts& timeouts, const Budgets& otherwise);

/// The first timeout below 0, by its name, or nullptr.
const char* negative_member(const Timeouts& timeouts);

/// Until when, and the error that it is when that has passed.
struct Deadline {
  TimePoint time = never;
  Error error = Error::total_timeout;
};

/// The earlier of a phase's deadline and the whole call's; on a tie the phase is to blame.
inline Deadline earlier(Deadline phase, TimePoint total) noexcept {
  return total < phase.time ? Deadline{total, Error::total_timeout} : phase;
}

}  // namespace headway::core
