// SPDX-License-Identifier: BSL-1.0
#pragma once

// How many sockets are in each TCP state. A value.

#include "survey/tcp_state.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace survey {

class Census {
 public:
  int& operator[](TcpState state) { return counts_[static_cast<std::size_t>(state)]; }
  int operator[](TcpState state) const { return counts_[static_cast<std::size_t>(state)]; }

  int total() const {
    int sum = 0;
    for (TcpState state : counted_states) sum += (*this)[state];
    return sum;
  }

  /// Keeps the larger count of each state.
  void raise_to(const Census& other) {
    for (TcpState state : counted_states) (*this)[state] = std::max((*this)[state], other[state]);
  }

  bool operator==(const Census&) const = default;

 private:
  std::array<int, 12> counts_{};
};

}  // namespace survey
