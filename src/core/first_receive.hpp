// SPDX-License-Identifier: BSL-1.0
#pragma once

// A kept connection is looked at before a request is sent on it, and a waiter that receives would try to once
// more behind that, mostly in vain. Where the waiter can, both are one system call: it begins to receive, and
// finds that nothing has come yet.

#include "src/core/transport.hpp"
#include "src/core/workspace.hpp"

#include <headway/detail/want.hpp>

#include <new>
#include <optional>
#include <utility>

namespace headway::core {

/// One request's, which is not made yet and will receive into the workspace. A local of its operation.
class FirstReceive {
 public:
  FirstReceive(detail::Waiter& waiter, Workspace& workspace) noexcept
      : waiter_(waiter), workspace_(workspace) {}

  /// Whether it is quiet, as `transport.look()` would say; surplus counts as its end, and may be lost.
  Transport::Idle look(Transport& transport) noexcept {
    const std::optional<bool> quiet = begin(transport);
    if (!quiet) return transport.look();
    if (!*quiet) return Transport::Idle::ended;
    return std::exchange(begun_, true) ? transport.look() : Transport::Idle::quiet;
  }

 private:
  std::optional<bool> begin(Transport& transport) noexcept {
    if (!transport.is_raw()) return std::nullopt;
    try {
      return waiter_.begin_receive(transport.socket(), workspace_.room());
    } catch (const std::bad_alloc&) {
      return std::nullopt;
    }
  }

  detail::Waiter& waiter_;
  Workspace& workspace_;
  bool begun_ = false;
};

}  // namespace headway::core
