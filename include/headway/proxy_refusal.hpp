// SPDX-License-Identifier: BSL-1.0
#pragma once

// What an HTTP proxy answered instead of opening a tunnel. A value.

#include <string>

namespace headway {

struct ProxyRefusal {
  int status = 0;         ///< 300 … 999, of the proxy's response to CONNECT; 0: no proxy has refused
  std::string body = {};  ///< the first 4 KiB of its body at most, as far as it came within a second
};

}  // namespace headway
