// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a call keeps once it sends another request than the caller's. A value of the call's.

#include "src/exec/redirect_plan.hpp"

#include <headway/request.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace headway::exec {

struct OwnRequest {
  Request request;
  RedirectPlan plan = {};               ///< of the redirect that is being followed
  std::vector<std::string> asked = {};  ///< method, URL and added fields of each request that was redirected
  bool answered = false;                ///< by an interceptor
  std::string unread = {};              ///< the body of its answer, where it is read as a stream
  std::size_t taken = 0;                ///< so much of that has been read

  bool has_unread() const noexcept { return taken < unread.size(); }
  void drop_unread() noexcept {
    unread.clear();
    taken = 0;
  }
};

}  // namespace headway::exec
