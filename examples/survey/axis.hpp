// SPDX-License-Identifier: BSL-1.0
#pragma once

// From values to places along a line, evenly or by the logarithm, with round numbers to mark. Values.

#include <vector>

namespace survey {

/// From 0 to a round number that is at least `largest`.
class LinearAxis {
 public:
  LinearAxis(int largest, double begin, double length);
  double at(double value) const { return begin_ + length_ * value / top_; }
  std::vector<int> ticks() const;

 private:
  int step_, top_;
  double begin_, length_;
};

/// Over whole decades, from the one that holds `smallest` to the one that holds `largest`. What lies outside
/// stands at the edge. Preconditions: 0 < smallest <= largest.
class LogAxis {
 public:
  LogAxis(double smallest, double largest, double begin, double length);
  double at(double value) const;
  /// The powers of ten, the ends included.
  std::vector<double> ticks() const;

 private:
  int low_, high_;  // powers of ten
  double begin_, length_;
};

}  // namespace survey
