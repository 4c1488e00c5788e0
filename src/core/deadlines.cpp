// SPDX-License-Identifier: BSL-1.0
#include "src/core/deadlines.hpp"

namespace headway::core {

Budgets merge(const Timeouts& timeouts, const Budgets& otherwise) {
  return {
      .lease = timeouts.lease.value_or(otherwise.lease),
      .connect = timeouts.connect.value_or(otherwise.connect),
      .tls_handshake = timeouts.tls_handshake.value_or(otherwise.tls_handshake),
      .write = timeouts.write.value_or(otherwise.write),
      .response = timeouts.response.value_or(otherwise.response),
      .read = timeouts.read.value_or(otherwise.read),
      .total = timeouts.total.value_or(otherwise.total),
  };
}

const char* negative_member(const Timeouts& timeouts) {
  const auto negative = [](const std::optional<Duration>& value) {
    return value && *value < Duration::zero();
  };
  if (negative(timeouts.lease)) return "timeouts.lease";
  if (negative(timeouts.connect)) return "timeouts.connect";
  if (negative(timeouts.tls_handshake)) return "timeouts.tls_handshake";
  if (negative(timeouts.write)) return "timeouts.write";
  if (negative(timeouts.response)) return "timeouts.response";
  if (negative(timeouts.read)) return "timeouts.read";
  if (negative(timeouts.total)) return "timeouts.total";
  return nullptr;
}

}  // namespace headway::core
