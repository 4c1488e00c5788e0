// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a LoopbackServer's threads share. Owned by the server, outlives them; thread-safe.

#include "src/testing/activity.hpp"
#include "src/testing/descriptor.hpp"

#include <stop_token>

namespace headway::testing {

struct ServerState {
  Activity activity;
  std::stop_source stop;
  Descriptor stop_signal;  ///< readable once the server stops
};

}  // namespace headway::testing
