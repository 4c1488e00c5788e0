// SPDX-License-Identifier: BSL-1.0
#pragma once

// Whether a response leaves its connection fit for another request: what DefaultReuseStrategy says, and what
// the library itself insists on whatever the strategy. Pure.

#include "src/core/framing_fields.hpp"

#include <headway/close_reason.hpp>
#include <headway/request.hpp>
#include <headway/response.hpp>

namespace headway::core {

/// `none`, or the first reason against it. `fields`: those of `head`.
CloseReason check_reuse(const Request& request, const ResponseHead& head,
                        const FramingFields& fields) noexcept;

}  // namespace headway::core
