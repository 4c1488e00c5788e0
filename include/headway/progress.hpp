// SPDX-License-Identifier: BSL-1.0
#pragma once

// How far the bodies of a call have come.

#include <cstdint>
#include <functional>
#include <optional>

namespace headway {

/// Bytes of body as they are sent and received, encoded where there is a Content-Encoding, without their
/// framing; of the current try.
struct Progress {
  std::uint64_t sent = 0;
  std::optional<std::uint64_t> to_send = std::nullopt;  ///< in all; unset where that is not known
  std::uint64_t received = 0;
  std::optional<std::uint64_t> to_receive = std::nullopt;  ///< in all; unset where that is not known
};

/// Called whenever some of a body has been sent or received, on the thread that sends and receives. An
/// exception ends the call, as those of other hooks do.
using ProgressFunction = std::function<void(const Progress&)>;

}  // namespace headway
