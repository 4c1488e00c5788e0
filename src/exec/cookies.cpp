// SPDX-License-Identifier: BSL-1.0
// The cookies of a call's hops.
#include "src/exec/call.hpp"

#include <headway/cookie_jar.hpp>

namespace headway::exec {

/// Those of this hop's URL. A request that says its own says all.
void Call::add_cookies() {
  if (request_->headers.contains("Cookie") || (!own_ && client_.defaults.has_header("Cookie"))) return;
  const std::string field = client_.cookies->field_for(workspace_->url());
  if (!field.empty()) settings_.added_fields.append("Cookie: ").append(field).append("\r\n");
}

/// The response's head is there, whatever becomes of it.
void Call::keep_cookies() {
  for (const std::string_view value : target_.head.headers.values("Set-Cookie"))
    client_.cookies->receive(workspace_->url(), value);
}

}  // namespace headway::exec
