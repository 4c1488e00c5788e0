// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a client's requests to some URLs leave where they do not go straight there. A value.

#include "src/core/request_writer.hpp"

#include <headway/http_route.hpp>
#include <headway/url.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace headway::core {

struct Way {
  RouteVia via = {};
  TargetForm form = TargetForm::origin;
  /// Whose connections are shared in place of the URL's own; an empty host: the URL's.
  std::string shared_host = {};
  std::uint16_t shared_port = 0;
};

/// `way` may be null, and so may `via`.
inline HttpRoute route_of(const Url& url, const Way* way, std::shared_ptr<const RouteVia> via) {
  const auto scheme = url.scheme() == "https" ? HttpRoute::Scheme::https : HttpRoute::Scheme::http;
  if (way != nullptr && !way->shared_host.empty()) {
    return HttpRoute::of_origin(scheme, way->shared_host, way->shared_port, std::move(via));
  }
  return HttpRoute::of_origin(scheme, url.host(), url.port(), std::move(via));
}

}  // namespace headway::core
