// SPDX-License-Identifier: BSL-1.0
#include "survey/targets.hpp"

#include "survey/options.hpp"

#include <headway/url.hpp>

#include <utility>

namespace survey {

Targets find_targets(std::vector<std::string> urls) {
  Targets targets;
  for (const std::string& text : urls) {
    std::error_code ec;
    headway::Url url = headway::Url::parse(text, ec);
    if (ec) throw OptionError("'" + text + "' is no URL to ask: " + ec.message());
    for (const Endpoint& endpoint : resolve(std::string(url.host()), url.port()))
      targets.endpoints.push_back(endpoint);
  }
  targets.urls = std::move(urls);
  return targets;
}

}  // namespace survey
