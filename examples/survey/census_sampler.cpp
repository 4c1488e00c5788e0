// SPDX-License-Identifier: BSL-1.0
#include "survey/census_sampler.hpp"

#include <stdexcept>
#include <utility>

namespace survey {

CensusSampler::CensusSampler(std::vector<Endpoint> servers, std::chrono::milliseconds interval,
                             SocketBaseline baseline)
    : servers_(std::move(servers)), interval_(interval), baseline_(std::move(baseline)) {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

Census CensusSampler::peak() {
  sample();
  std::lock_guard lock(mutex_);
  return peak_;
}

void CensusSampler::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      sample();
    } catch (const std::runtime_error&) {
      return;  // the census itself is not allowed: whoever calls peak() hears of it
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, interval_, [] { return false; });
  }
}

void CensusSampler::sample() {
  Census now = baseline_.take(servers_);
  std::lock_guard lock(mutex_);
  peak_.raise_to(now);
  ++taken_;
}

}  // namespace survey
