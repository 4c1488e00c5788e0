// SPDX-License-Identifier: BSL-1.0
#include "survey/latency.hpp"

#include <algorithm>
#include <cmath>

namespace survey {

void Latency::merge(const Latency& other) {
  samples_.insert(samples_.end(), other.samples_.begin(), other.samples_.end());
}

Latency::Duration Latency::percentile(double percent) const {
  if (samples_.empty()) return Duration::zero();
  double rank = std::ceil(percent * static_cast<double>(samples_.size()) / 100);
  auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  std::vector<Duration> ordered = samples_;
  auto place = ordered.begin() + static_cast<std::ptrdiff_t>(std::min(index, ordered.size() - 1));
  std::nth_element(ordered.begin(), place, ordered.end());
  return *place;
}

}  // namespace survey
