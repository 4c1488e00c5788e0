// SPDX-License-Identifier: BSL-1.0

#include "src/core/reuse_check.hpp"

#include <headway/reuse_strategy.hpp>

namespace headway {

CloseReason DefaultReuseStrategy::operator()(const Request& request, const ResponseHead& head) const {
  return core::check_reuse(request, head, core::FramingFields(head.headers));
}

CloseReason NeverReuse::operator()(const Request&, const ResponseHead&) const {
  return CloseReason::request_close;  // the library has made the request say so
}

}  // namespace headway
