// SPDX-License-Identifier: BSL-1.0
#pragma once

// The states of a TCP socket, numbered as Linux numbers them.

#include <array>
#include <cstddef>
#include <string_view>

namespace survey {

enum class TcpState : unsigned char {
  established = 1,
  syn_sent,
  syn_received,
  fin_wait_1,
  fin_wait_2,
  time_wait,
  closed,
  close_wait,
  last_ack,
  listening,
  closing,
};

/// The states that a connection's socket may be seen in, in the order in which people ask for them.
inline constexpr std::array counted_states{
    TcpState::established, TcpState::time_wait,  TcpState::close_wait,
    TcpState::fin_wait_1,  TcpState::fin_wait_2, TcpState::last_ack,
    TcpState::closing,     TcpState::syn_sent,   TcpState::syn_received,
};

/// As netstat and ss write it: "TIME_WAIT".
std::string_view name(TcpState state);

}  // namespace survey
