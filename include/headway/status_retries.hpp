// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether a request is sent again because the server asks for that.

#include <headway/time.hpp>

namespace headway {

/// A 429 or 503 with a Retry-After (RFC 9110 section 10.2.3) is answered by the same request again, after the
/// time that it names, where that request may be repeated: an idempotent one, or one of Replay::allowed,
/// whose body can be read again. Any other such response is the call's, as is the last one, and one whose
/// wait would go beyond the call's total timeout. No connection is held meanwhile.
struct StatusRetries {
  int max_retries = 0;  ///< in one call; 0: none
  /// A server that asks for more is not waited for: the response is the call's. 0 or more.
  Duration max_wait = std::chrono::seconds(60);
};

}  // namespace headway
