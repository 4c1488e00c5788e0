// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a call keeps once it sends another request than the caller's. A value of the call's.

#include "src/exec/redirect_plan.hpp"

#include <headway/request.hpp>

#include <string>
#include <vector>

namespace headway::exec {

struct OwnRequest {
  Request request;
  RedirectPlan plan = {};               ///< of the redirect that is being followed
  std::vector<std::string> asked = {};  ///< method, URL and added fields of each request that was redirected
};

}  // namespace headway::exec
