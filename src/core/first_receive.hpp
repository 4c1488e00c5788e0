// SPDX-License-Identifier: BSL-1.0
#pragma once

// A kept connection is looked at before a request is sent on it, and a waiter that receives would try to once
// more behind that, mostly in vain. Where the waiter can, both are one system call: it begins to receive, and
// finds that nothing has come yet.

#include "src/core/transport.hpp"
#include "src/core/workspace.hpp"

#include <headway/detail/want.hpp>

#include <optional>
#include <span>
#include <utility>

namespace headway::core {

/// One request's, which is not made yet and will receive into the workspace. A local of its operation.
class FirstReceive final : private detail::ReceiveRoom {
 public:
  FirstReceive(detail::Waiter& waiter, Workspace& workspace) noexcept
      : waiter_(waiter), workspace_(workspace) {}

  /// Whether it is quiet, as `transport.look()` would say; surplus counts as its end, and may be lost.
  Transport::Idle look(Transport& transport) noexcept {
    if (!transport.is_raw()) return transport.look();
    const std::optional<bool> quiet = waiter_.begin_receive(transport.socket(), *this);
    if (!quiet) return transport.look();
    if (!*quiet) return Transport::Idle::ended;
    return std::exchange(begun_, true) ? transport.look() : Transport::Idle::quiet;
  }

 private:
  std::span<char> room() override { return workspace_.room(); }

  detail::Waiter& waiter_;
  Workspace& workspace_;
  bool begun_ = false;
};

}  // namespace headway::core
