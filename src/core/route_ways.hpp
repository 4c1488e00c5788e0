// SPDX-License-Identifier: BSL-1.0
#pragma once

// How a client's routes go, beyond scheme, host and port. A value, shared by all its calls.

#include <headway/http_route.hpp>
#include <headway/url.hpp>

#include <memory>

namespace headway::core {

struct RouteWays {
  std::shared_ptr<const RouteVia> plain = nullptr;   ///< of http; null: directly
  std::shared_ptr<const RouteVia> secure = nullptr;  ///< of https
  friend bool operator==(const RouteWays&, const RouteWays&) = default;
};

inline HttpRoute route_of(const Url& url, const RouteWays& ways) {
  const bool secure = url.scheme() == "https";
  return HttpRoute::of_origin(secure ? HttpRoute::Scheme::https : HttpRoute::Scheme::http, url.host(),
                              url.port(), secure ? ways.secure : ways.plain);
}

}  // namespace headway::core
