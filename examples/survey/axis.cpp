// SPDX-License-Identifier: BSL-1.0
#include "survey/axis.hpp"

#include <algorithm>
#include <cmath>

namespace survey {
namespace {

// The smallest of 1, 2 and 5 times a power of ten with which five steps suffice.
int round_step(int largest) {
  for (int decade = 1;; decade *= 10)
    for (int factor : {1, 2, 5})
      if (decade >= 100'000'000 || decade * factor * 5 >= largest) return decade * factor;
}

}  // namespace

LinearAxis::LinearAxis(int largest, double begin, double length)
    : step_(round_step(std::max(largest, 1))),
      top_((std::max(largest, 1) + step_ - 1) / step_ * step_),
      begin_(begin),
      length_(length) {}

std::vector<int> LinearAxis::ticks() const {
  std::vector<int> ticks;
  for (int value = 0; value <= top_; value += step_) ticks.push_back(value);
  return ticks;
}

LogAxis::LogAxis(double smallest, double largest, double begin, double length)
    : low_(static_cast<int>(std::floor(std::log10(smallest)))),
      high_(std::max(static_cast<int>(std::ceil(std::log10(largest))), low_ + 1)),
      begin_(begin),
      length_(length) {}

double LogAxis::at(double value) const {
  double place = value > 0 ? (std::log10(value) - low_) / (high_ - low_) : 0;
  return begin_ + length_ * std::clamp(place, 0.0, 1.0);
}

std::vector<double> LogAxis::ticks() const {
  std::vector<double> ticks;
  for (int power = low_; power <= high_; ++power) ticks.push_back(std::pow(10.0, power));
  return ticks;
}

}  // namespace survey
